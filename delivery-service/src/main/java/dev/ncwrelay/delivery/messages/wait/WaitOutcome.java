package dev.ncwrelay.delivery.messages.wait;

/** How a wait ended. Every wait ends in exactly one of these, and each is counted. */
public sealed interface WaitOutcome<T> {

    /** There is something. */
    record Found<T>(T found) implements WaitOutcome<T> {}

    /** Nothing came in time. */
    record TimedOut<T>() implements WaitOutcome<T> {}

    /** The client is no longer there; nobody hears this. */
    record ClientGone<T>() implements WaitOutcome<T> {}

    /** The node is shutting down; the client may come back at once, to another. */
    record ShuttingDown<T>() implements WaitOutcome<T> {}

    /** A newer wait of the same consumer has taken the place. */
    record Superseded<T>() implements WaitOutcome<T> {}

    /** The value of the metric's {@code result} tag. */
    default String result() {
        return switch (this) {
            case Found<T> _ -> "woken";
            case TimedOut<T> _ -> "timed_out";
            case ClientGone<T> _ -> "gone";
            case ShuttingDown<T> _ -> "closing";
            case Superseded<T> _ -> "superseded";
        };
    }
}
