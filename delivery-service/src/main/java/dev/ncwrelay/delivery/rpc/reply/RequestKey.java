package dev.ncwrelay.delivery.rpc.reply;

/**
 * A request, as its device names it in one of its ownerships. The id on the log carries the epoch after a {@code ~},
 * which no client's id contains: so whatever goes by the id there keeps the calls of two owners apart too.
 *
 * @param epoch of the ownership that asked
 * @param requestId as the client gave it
 */
public record RequestKey(String deviceId, long epoch, String requestId) {

    private static final char EPOCH_SEPARATOR = '~';

    /** The request that has this id on the log. */
    public static RequestKey fromLogId(String deviceId, String logId) {
        int at = logId.lastIndexOf(EPOCH_SEPARATOR);
        if (at < 0) {
            return new RequestKey(deviceId, 0, logId);
        }
        try {
            return new RequestKey(
                    deviceId, Long.parseLong(logId.substring(at + 1), Character.MAX_RADIX), logId.substring(0, at));
        } catch (NumberFormatException e) {
            // Not written here: no client's request has such a key.
            return new RequestKey(deviceId, 0, logId);
        }
    }

    /** Its id on the log. */
    public String logId() {
        return epoch == 0 ? requestId : requestId + EPOCH_SEPARATOR + Long.toString(epoch, Character.MAX_RADIX);
    }
}
