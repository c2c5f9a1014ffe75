package dev.ncwrelay.delivery.offset;

import dev.ncwrelay.delivery.failure.Failure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Records that a node writes and then reads in its own replica of their topic. */
public final class OwnWrites {

    private static final int WRITE_TIMEOUT_SECONDS = 9;
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);

    private OwnWrites() {}

    /** A replica that can wait until it has read a record. */
    @FunctionalInterface
    public interface Replica {

        /** Waits until the record at this offset is read; false when it takes longer. */
        boolean awaitOffset(int partition, long offset, Duration timeout) throws InterruptedException;
    }

    /**
     * The offset of a record; fails with {@link Failure.Unavailable}.
     *
     * @param failure what is said when it may not be stored
     */
    public static CompletableFuture<Long> offset(CompletableFuture<RecordMetadata> written, String failure) {
        return written.orTimeout(WRITE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .thenApply(RecordMetadata::offset)
                .exceptionallyCompose(
                        _ -> CompletableFuture.failedFuture(new Failure.Unavailable(failure).exception()));
    }

    /** Waits until the replica has read all records before this offset; false after a timeout or an interrupt. */
    public static boolean readUpTo(Replica replica, int partition, long end) {
        try {
            return replica.awaitOffset(partition, end - 1, READ_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
