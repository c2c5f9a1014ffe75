package dev.ncwrelay.rpc.progress;

/** What is known of a record. */
public enum Fate {

    /** To be carried out: never begun, or harmless to carry out again. */
    OPEN(0),

    /** Perhaps carried out, by somebody whose word on it is missing. */
    UNCERTAIN(1),

    /** Needs nothing more. */
    FINISHED(2);

    private final int code;

    Fate(int code) {
        this.code = code;
    }

    /** As {@link ProgressText} writes it. */
    int code() {
        return code;
    }

    /** @throws IllegalArgumentException when no fate is written so */
    static Fate of(int code) {
        return switch (code) {
            case 0 -> OPEN;
            case 1 -> UNCERTAIN;
            case 2 -> FINISHED;
            default -> throw new IllegalArgumentException("no fate is " + code);
        };
    }
}
