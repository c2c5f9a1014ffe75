package dev.ncwrelay.delivery.messages.mailbox;

/** What is to be done for a device at some time. */
enum CleanupTask {
    /** Let go of what has been kept long enough. */
    EXPIRE('e'),
    /** Let go of what was acknowledged a while ago. */
    RELEASE('r'),
    /** Remove what was let go of before. */
    REMOVE('v'),
    /** Remove transactions that were not heard of for long. */
    FORGET('f');

    private final byte code;

    CleanupTask(char code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static CleanupTask of(byte code) {
        for (var chore : values()) {
            if (chore.code == code) {
                return chore;
            }
        }
        throw new IllegalArgumentException("no chore has the code " + code);
    }
}
