package dev.ncwrelay.rpc.partition;

/** Processing state of an offset. */
public enum OffsetState {

    /** To be processed: never started, or safe to process again. */
    OPEN(0),

    /** May have been processed, by an owner that has not replied. */
    UNCERTAIN(1),

    /** Complete: has a reply or is a dead letter. */
    FINISHED(2),

    /** In flight at the previous owner, which released the partition in an orderly way and will reply. */
    RUNNING(3);

    private final int code;

    OffsetState(int code) {
        this.code = code;
    }

    /** The code that {@link ProgressCodec} writes. */
    int code() {
        return code;
    }

    /** @throws IllegalArgumentException when no state has this code */
    static OffsetState of(int code) {
        return switch (code) {
            case 0 -> OPEN;
            case 1 -> UNCERTAIN;
            case 2 -> FINISHED;
            case 3 -> RUNNING;
            default -> throw new IllegalArgumentException("no state has the code " + code);
        };
    }
}
