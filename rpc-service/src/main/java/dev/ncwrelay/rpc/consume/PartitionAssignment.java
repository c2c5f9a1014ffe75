package dev.ncwrelay.rpc.consume;

import java.time.Duration;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition for as long as this instance has it. Work keeps the assignment under which it began, so what finishes
 * after the end changes nothing any more, even if the partition has come back meanwhile.
 *
 * <p>Safe for use by many threads, except {@link #uncommitted} and {@link #commitFailed}: the poll thread's.
 */
final class PartitionAssignment {

    private enum State {
        OPEN,
        DRAINING,
        ENDED
    }

    private final TopicPartition partition;
    private final OffsetTracker offsets = new OffsetTracker();
    private State state = State.OPEN;
    private int running;
    private long requested = -1;

    PartitionAssignment(TopicPartition partition) {
        this.partition = partition;
    }

    TopicPartition partition() {
        return partition;
    }

    OffsetTracker offsets() {
        return offsets;
    }

    /** Work wants to begin; false when the partition is going away and it is for the next owner to do. */
    synchronized boolean begin() {
        if (state != State.OPEN) {
            return false;
        }
        running++;
        return true;
    }

    /** Work that had begun is over, finished or not. */
    synchronized void end() {
        running--;
        if (running == 0) {
            notifyAll();
        }
    }

    /** Whether finished work can still be committed here. */
    synchronized boolean isHeld() {
        return state != State.ENDED;
    }

    /** No more work begins. */
    synchronized void drain() {
        state = State.DRAINING;
    }

    /** Waits until no work is running, at most until {@code deadlineNanos} of {@link System#nanoTime}. */
    synchronized void awaitIdle(long deadlineNanos) throws InterruptedException {
        long remaining = deadlineNanos - System.nanoTime();
        while (running > 0 && remaining > 0) {
            // Rounded up: a wait of 0 would be one without end.
            wait(Duration.ofNanos(remaining).toMillis() + 1);
            remaining = deadlineNanos - System.nanoTime();
        }
    }

    /** Nothing can be committed any more. */
    synchronized void close() {
        state = State.ENDED;
    }

    /** The offset to commit, if no commit of it has been requested yet; it counts as requested from now on. */
    OptionalLong uncommitted() {
        var position = offsets.position();
        if (position.isEmpty() || position.getAsLong() == requested) {
            return OptionalLong.empty();
        }
        requested = position.getAsLong();
        return position;
    }

    void commitFailed() {
        requested = -1;
    }
}
