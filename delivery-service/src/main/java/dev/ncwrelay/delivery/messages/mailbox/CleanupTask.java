package dev.ncwrelay.delivery.messages.mailbox;

/** A kind of deferred cleanup of a device's mailbox. */
enum CleanupTask {
    /** Remove events whose retention has ended. */
    EXPIRE('e'),
    /** Remove acknowledged events after the replay time. */
    REMOVE_ACKNOWLEDGED('r'),
    /** Delete removed events, which are invisible already, from the store. */
    DELETE_REMOVED('v'),
    /** Delete transactions without a recent event. */
    DELETE_TRANSACTIONS('f');

    private final byte code;

    CleanupTask(char code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static CleanupTask of(byte code) {
        for (var task : values()) {
            if (task.code == code) {
                return task;
            }
        }
        throw new IllegalArgumentException("unknown cleanup task, code " + code);
    }
}
