package dev.ncwrelay.delivery.messages.wait;

/** How a wait ended. Every wait ends with exactly one outcome, which is counted. */
public sealed interface WaitOutcome<T> {

    /** The check found a result. */
    record Found<T>(T found) implements WaitOutcome<T> {}

    /** The timeout passed without a result. */
    record TimedOut<T>() implements WaitOutcome<T> {}

    /** The client disconnected; the outcome is not sent. */
    record ClientGone<T>() implements WaitOutcome<T> {}

    /** The node is shutting down; the client may reconnect at once, to another node. */
    record ShuttingDown<T>() implements WaitOutcome<T> {}

    /** A newer claim of the same consumer superseded this wait. */
    record Superseded<T>() implements WaitOutcome<T> {}

    /** The value of the metric's {@code result} tag. */
    default String result() {
        return switch (this) {
            case Found<T> _ -> "found";
            case TimedOut<T> _ -> "timed_out";
            case ClientGone<T> _ -> "client_gone";
            case ShuttingDown<T> _ -> "shutting_down";
            case Superseded<T> _ -> "superseded";
        };
    }
}
