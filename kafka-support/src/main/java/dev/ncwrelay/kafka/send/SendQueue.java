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
 * A bounded queue in front of a producer. {@code KafkaProducer.send} blocks for up to {@code max.block.ms} while it has
 * no metadata or its buffer is full, so one thread calls it instead of all writers.
 *
 * <ol>
 *   <li>Entries are sent in the order in which they were added.
 *   <li>At most {@value #MAX_ENTRIES} entries and {@value #MAX_BYTES} bytes wait; a further entry fails at once.
 *   <li>An entry that has waited for {@value #MAX_SECONDS} seconds fails and is not sent, nor is one that its writer has
 *       completed meanwhile.
 * </ol>
 */
public final class SendQueue implements AutoCloseable {

    static final int MAX_ENTRIES = 10_000;
    static final long MAX_BYTES = 64L * 1024 * 1024;
    static final int MAX_SECONDS = 8;

    private final Executor sender;
    private final AtomicLong bytes = new AtomicLong();

    private SendQueue(Executor sender) {
        this.sender = sender;
    }

    /** A queue with its own thread. */
    public static SendQueue start() {
        return new SendQueue(new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_ENTRIES),
                task -> CriticalThread.unstarted("kafka-sender", task)));
    }

    /** No queue: records are sent on the caller's thread. */
    static SendQueue none() {
        return new SendQueue(Runnable::run);
    }

    /**
     * Adds an entry: one record, or several that are made and sent together.
     *
     * @param size the bytes that count against the limit while the entry waits
     * @param written completed exceptionally when the entry is not sent
     * @param send hands the records to the producer, on the queue's thread; an exception fails {@code written}
     */
    public void add(int size, CompletableFuture<?> written, Runnable send) {
        long addedAt = System.nanoTime();
        if (bytes.addAndGet(size) > MAX_BYTES) {
            bytes.addAndGet(-size);
            written.completeExceptionally(new RejectedExecutionException("too many bytes wait for Kafka"));
            return;
        }
        try {
            sender.execute(new Entry(written, () -> {
                bytes.addAndGet(-size);
                sendInTime(addedAt, written, send);
            }));
        } catch (RejectedExecutionException _) {
            bytes.addAndGet(-size);
            written.completeExceptionally(new RejectedExecutionException("too many records wait for Kafka"));
        }
    }

    private static void sendInTime(long addedAt, CompletableFuture<?> written, Runnable send) {
        if (written.isDone()) {
            return;
        }
        if (System.nanoTime() - addedAt > TimeUnit.SECONDS.toNanos(MAX_SECONDS)) {
            written.completeExceptionally(new TimeoutException("the producer accepted no record in time"));
            return;
        }
        try {
            send.run();
        } catch (RuntimeException e) {
            written.completeExceptionally(e);
        }
    }

    /** Accepts no further entries. Those that wait are still sent. */
    @Override
    public void close() {
        if (sender instanceof ThreadPoolExecutor thread) {
            thread.shutdown();
        }
    }

    /** Accepts no further entries, interrupts the producer and fails those that wait. */
    public void closeNow() {
        if (sender instanceof ThreadPoolExecutor thread) {
            var reason = new RejectedExecutionException("shutting down");
            for (var task : thread.shutdownNow()) {
                ((Entry) task).written().completeExceptionally(reason);
            }
        }
    }

    private record Entry(CompletableFuture<?> written, Runnable send) implements Runnable {
        @Override
        public void run() {
            send.run();
        }
    }
}
