package dev.ncwrelay.rpc.call;

/** The result of a call. Details hold neither payloads nor secrets. */
public sealed interface Outcome {

    /** Fireblocks responded to the RPC: any 2xx, or another status with an {@link RpcError}. */
    record Answered(FireblocksResponse response) implements Outcome {}

    /** Fireblocks rejected the call with another status. */
    record Refused(FireblocksResponse response) implements Outcome {}

    /**
     * The call was certainly not executed.
     *
     * @param permanent true when a retry would not be executed either
     */
    record Unreachable(String detail, boolean permanent) implements Outcome {

        /** A failure after which a retry may be executed. */
        public Unreachable(String detail) {
            this(detail, false);
        }
    }

    /** The key of the chosen API user could not sign: the call was certainly not sent. Another user's key may sign. */
    record NotSigned(String detail) implements Outcome {}

    /** The call was sent, and the deadline passed before the response. */
    record TimedOut(String detail) implements Outcome {}

    /** The deadline had passed before the call was sent. */
    record Expired() implements Outcome {}

    /**
     * The call may have been executed, and its response is lost.
     *
     * @param permanent true when the response to a retry would be lost too
     */
    record Ambiguous(String detail, boolean permanent) implements Outcome {}

    /** Stable name for metrics and logs. */
    default String label() {
        return switch (this) {
            case Answered _ -> "answered";
            case Refused _ -> "refused";
            case Unreachable _ -> "unreachable";
            case NotSigned _ -> "not_signed";
            case TimedOut _ -> "timed_out";
            case Expired _ -> "expired";
            case Ambiguous _ -> "ambiguous";
        };
    }
}
