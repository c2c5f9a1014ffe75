package dev.ncwrelay.kafka.send;

import dev.ncwrelay.kafka.thread.CriticalThread;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records on their way to the producer, which blocks for {@code max.block.ms} while it does not know the brokers or its
 * memory is full. One thread waits there instead of all who write.
 *
 * <ol>
 *   <li>Records leave in the order in which they were added.
 *   <li>At most {@value #MAX_RECORDS} records and {@value #MAX_BYTES} bytes wait; what comes beyond that fails at once.
 *   <li>A record that has waited for {@value #MAX_SECONDS} seconds fails, and is not written.
 * </ol>
 */
public final class SendQueue implements AutoCloseable {

    static final int MAX_RECORDS = 10_000;
    static final long MAX_BYTES = 64L * 1024 * 1024;
    static final int MAX_SECONDS = 8;

    private final Executor sender;
    private final AtomicLong bytes = new AtomicLong();

    private SendQueue(Executor sender) {
        this.sender = sender;
    }

    /** A queue with a thread of its own. */
    public static SendQueue start() {
        return new SendQueue(new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_RECORDS),
                task -> CriticalThread.unstarted("kafka-sender", task)));
    }

    /** None: records are sent on the caller's thread. */
    static SendQueue none() {
        return new SendQueue(Runnable::run);
    }

    /** Sends when it is this record's turn; {@code written} fails when it cannot be. */
    void add(int size, CompletableFuture<?> written, Runnable send) {
        long addedAt = System.nanoTime();
        if (bytes.addAndGet(size) > MAX_BYTES) {
            bytes.addAndGet(-size);
            written.completeExceptionally(new RejectedExecutionException("too many bytes wait for the brokers"));
            return;
        }
        try {
            sender.execute(() -> {
                bytes.addAndGet(-size);
                sendInTime(addedAt, written, send);
            });
        } catch (RejectedExecutionException e) {
            bytes.addAndGet(-size);
            written.completeExceptionally(e);
        }
    }

    private static void sendInTime(long addedAt, CompletableFuture<?> written, Runnable send) {
        if (written.isDone()) {
            return;
        }
        if (System.nanoTime() - addedAt > TimeUnit.SECONDS.toNanos(MAX_SECONDS)) {
            written.completeExceptionally(new TimeoutException("the brokers took no record in time"));
            return;
        }
        try {
            send.run();
        } catch (RuntimeException e) {
            written.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        if (sender instanceof ThreadPoolExecutor thread) {
            thread.shutdown();
        }
    }
}
