package dev.ncwrelay.rpc.call;

/** What became of a call. Details are for people and hold neither payloads nor secrets. */
public sealed interface Outcome {

    /** Fireblocks answered the RPC: any 2xx, or another status with an {@link RpcError}. */
    record Answered(FireblocksResponse answer) implements Outcome {}

    /** Fireblocks answered with another status: it declined the call, or failed at it in its own words. */
    record Refused(FireblocksResponse answer) implements Outcome {}

    /**
     * The call was certainly not executed.
     *
     * @param permanent true when the same call would not be executed a moment later either
     */
    record Unreachable(String detail, boolean permanent) implements Outcome {

        /** One that may be executed a moment later. */
        public Unreachable(String detail) {
            this(detail, false);
        }
    }

    /** The call was sent, and the deadline came before the answer. */
    record TimedOut(String detail) implements Outcome {}

    /** The deadline had passed before the call was sent. */
    record Expired() implements Outcome {}

    /**
     * The call may have been executed, and its answer is lost.
     *
     * @param permanent true when the same call would lose its answer again
     */
    record Ambiguous(String detail, boolean permanent) implements Outcome {}

    /** Stable name for metrics and logs. */
    default String label() {
        return switch (this) {
            case Answered _ -> "answered";
            case Refused _ -> "refused";
            case Unreachable _ -> "unreachable";
            case TimedOut _ -> "timed_out";
            case Expired _ -> "expired";
            case Ambiguous _ -> "ambiguous";
        };
    }
}
