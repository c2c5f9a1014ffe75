package dev.ncwrelay.delivery.mailbox;

/** What is to be done for a device at some time. */
enum Chore {
    /** Let go of what has been kept long enough. */
    EXPIRE('e'),
    /** Let go of what was acknowledged a while ago. */
    RELEASE('r'),
    /** Remove what was let go of before. */
    REMOVE('v'),
    /** Remove transactions that were not heard of for long. */
    FORGET('f');

    private final byte code;

    Chore(char code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static Chore of(byte code) {
        for (var chore : values()) {
            if (chore.code == code) {
                return chore;
            }
        }
        throw new IllegalArgumentException("no chore has the code " + code);
    }
}
