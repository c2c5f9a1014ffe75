package dev.ncwrelay.rpc.partition;

/** What is known of a record. */
public enum OffsetState {

    /** To be carried out: never begun, or harmless to carry out again. */
    OPEN(0),

    /** Perhaps carried out, by an owner that has not answered it. */
    UNCERTAIN(1),

    /** Needs nothing more. */
    FINISHED(2),

    /** Being carried out by the owner before, which gave the partition up in order and will answer it. */
    RUNNING(3);

    private final int code;

    OffsetState(int code) {
        this.code = code;
    }

    /** As {@link ProgressCodec} writes it. */
    int code() {
        return code;
    }

    /** @throws IllegalArgumentException when no fate is written so */
    static OffsetState of(int code) {
        return switch (code) {
            case 0 -> OPEN;
            case 1 -> UNCERTAIN;
            case 2 -> FINISHED;
            case 3 -> RUNNING;
            default -> throw new IllegalArgumentException("no fate is " + code);
        };
    }
}
