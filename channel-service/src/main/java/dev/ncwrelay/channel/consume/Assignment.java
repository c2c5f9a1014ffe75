package dev.ncwrelay.channel.consume;

import dev.ncwrelay.kafka.thread.CriticalThread;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An assigned partition.
 *
 * @param owner the consumer that it is assigned to
 * @param offsets where reading begins
 * @param committed whether the group has committed an offset before
 * @param partition completes when the partition's subscriptions are loaded
 */
record Assignment<P extends AssignedPartition>(
        Object owner, Offsets offsets, boolean committed, CompletableFuture<P> partition) {

    private static final int TIMEOUT_SECONDS = 10;

    static <P extends AssignedPartition> Assignment<P> at(Object owner, Offsets offsets, boolean committed) {
        return new Assignment<>(owner, offsets, committed, new CompletableFuture<>());
    }

    /** The partition, if it is loaded. */
    Optional<P> loaded() {
        return partition.isDone() && !partition.isCompletedExceptionally()
                ? Optional.of(partition.join())
                : Optional.empty();
    }

    /** Waits for the partition. */
    P await() {
        try {
            return partition.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException("subscriptions of the partition not loaded yet", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Closes all of these. Each may wait for what it has sent, and so all wait together. */
    static void closeAll(Collection<? extends Assignment<?>> assignments) {
        assignments.forEach(Assignment::stop);
        var closed = assignments.stream()
                .map(each -> CompletableFuture.runAsync(
                        each::close, task -> CriticalThread.startVirtual("close partition", task)))
                .toList();
        CompletableFuture.allOf(closed.toArray(CompletableFuture[]::new)).join();
    }

    private void stop() {
        loaded().ifPresent(AssignedPartition::stop);
    }

    void close() {
        // One that completes later is closed by the thread that completes it.
        loaded().ifPresent(AssignedPartition::close);
    }
}
