package dev.ncwrelay.channel.forward;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An assigned partition.
 *
 * @param owner the consumer that it is assigned to
 * @param position the offset that is read next
 * @param committed whether the group has committed an offset before
 * @param forwarder completes when the partition's subscriptions are loaded
 */
record Assignment(Object owner, long position, boolean committed, CompletableFuture<PartitionForwarder> forwarder) {

    private static final int TIMEOUT_SECONDS = 10;

    static Assignment at(Object owner, long position, boolean committed) {
        return new Assignment(owner, position, committed, new CompletableFuture<>());
    }

    /** Waits for the forwarder. */
    PartitionForwarder await() {
        try {
            return forwarder.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException("subscriptions of the partition not loaded yet", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    void close() {
        // One that completes later is closed by the thread that completes it.
        if (forwarder.isDone() && !forwarder.isCompletedExceptionally()) {
            forwarder.join().close();
        }
    }
}
