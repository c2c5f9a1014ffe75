package dev.ncwrelay.http;

import java.util.Optional;

/** Whether and since when a connection waits for the head of its next request. Times are those of {@link System#nanoTime}. */
final class AwaitedHead {

    private State state;

    AwaitedHead(long now) {
        state = new Silent(now, 0);
    }

    /** The head is complete. */
    synchronized void arrived() {
        state = NotAwaited.NOT_AWAITED;
    }

    /** The request is answered: the next one is awaited. */
    synchronized void await(long now, long bytesIn) {
        state = new Silent(now, bytesIn);
    }

    /**
     * Checks whether the connection is overdue, which is reported once. A head counts as begun from the first check
     * that finds bytes of it.
     *
     * @param bytesIn bytes that the connection has received in total
     * @param full whether the connection limit is reached
     */
    synchronized Optional<Overdue> check(long now, long bytesIn, HeadLimits limits, boolean full) {
        if (state instanceof Silent(long since, long before) && bytesIn > before) {
            state = new Begun(since, now);
        }
        var overdue = overdue(state, now, limits, full);
        if (overdue.isPresent()) {
            state = NotAwaited.NOT_AWAITED;
        }
        return overdue;
    }

    private static Optional<Overdue> overdue(State state, long now, HeadLimits limits, boolean full) {
        return switch (state) {
            case NotAwaited _ -> Optional.empty();
            case Silent silent
            when limits.idle().isPositive()
                    && now - silent.since >= limits.idle().toNanos() -> Optional.of(Overdue.IDLE);
            case Begun begun when now - begun.at >= limits.head().toNanos() -> Optional.of(Overdue.HEAD);
            case Waiting waiting
            when full && now - waiting.since() >= limits.whenFull().toNanos() -> Optional.of(Overdue.FULL);
            case Waiting _ -> Optional.empty();
        };
    }

    private sealed interface State {}

    private sealed interface Waiting extends State {
        long since();
    }

    /** No byte of the head was received: the connection has received {@code bytesBefore} bytes in total. */
    private record Silent(long since, long bytesBefore) implements Waiting {}

    /** A part of the head was received. */
    private record Begun(long since, long at) implements Waiting {}

    private enum NotAwaited implements State {
        NOT_AWAITED
    }
}
