package dev.ncwrelay.delivery.rpc.reply;

/**
 * A request id of a device in one of its ownerships. The id in Kafka has the epoch after a {@code ~}, which no client's
 * id contains, so equal ids of two owners differ.
 *
 * @param epoch of the ownership that made the call
 * @param requestId as the client gave it
 */
public record RequestKey(String deviceId, long epoch, String requestId) {

    private static final char EPOCH_SEPARATOR = '~';

    /** The request with this id in Kafka. */
    public static RequestKey fromLogId(String deviceId, String logId) {
        int at = logId.lastIndexOf(EPOCH_SEPARATOR);
        if (at < 0) {
            return new RequestKey(deviceId, 0, logId);
        }
        try {
            return new RequestKey(
                    deviceId, Long.parseLong(logId.substring(at + 1), Character.MAX_RADIX), logId.substring(0, at));
        } catch (NumberFormatException e) {
            // Not written by this service: no client's request has such a key.
            return new RequestKey(deviceId, 0, logId);
        }
    }

    /** Its id in Kafka. */
    public String logId() {
        return epoch == 0 ? requestId : requestId + EPOCH_SEPARATOR + Long.toString(epoch, Character.MAX_RADIX);
    }
}
