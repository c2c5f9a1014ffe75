package dev.ncwrelay.ingress.publish;

import dev.ncwrelay.ingress.publish.PublishOutcome.Acknowledged;
import dev.ncwrelay.ingress.publish.PublishOutcome.Unavailable;
import dev.ncwrelay.kafka.thread.CriticalThread;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Keeps Kafka's waiting away from its callers: {@code KafkaProducer.send} blocks for up to {@code max.block.ms} on
 * missing metadata or a full buffer, so one thread of its own calls it.
 *
 * <ol>
 *   <li>Batches are sent in the order in which they came, and their records made only then.
 *   <li>Each has its outcome within {@value #TIMEOUT_MILLIS} ms. One that has is not sent any more.
 *   <li>At most {@value #MAX_WAITING} batches wait; a further one is unavailable at once.
 * </ol>
 */
final class SendQueue implements AutoCloseable {

    /** How long Fireblocks waits is not documented; what takes longer is better sent again. */
    private static final long TIMEOUT_MILLIS = 7_500;

    private static final int MAX_WAITING = 10_000;

    private record Batch(
            Supplier<Stream<ProducerRecord<String, byte[]>>> records, CompletableFuture<PublishOutcome> outcome) {}

    private final Producer<String, byte[]> producer;
    private final BlockingQueue<Batch> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread = CriticalThread.unstarted("publish", this::run);

    SendQueue(Producer<String, byte[]> producer) {
        this.producer = producer;
        thread.start();
    }

    /** Sends a batch. Whatever goes wrong, making its records included, is a reason to have it sent again. */
    CompletableFuture<PublishOutcome> send(Supplier<Stream<ProducerRecord<String, byte[]>>> records) {
        var outcome = new CompletableFuture<PublishOutcome>();
        if (closed.get() || !waiting.offer(new Batch(records, outcome))) {
            return CompletableFuture.completedFuture(new Unavailable("too many events wait for Kafka"));
        }
        return outcome.completeOnTimeout(
                new Unavailable("no acknowledgement within " + TIMEOUT_MILLIS + " ms"),
                TIMEOUT_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        closed.set(true);
        thread.interrupt();
        waiting.forEach(batch -> batch.outcome().complete(new Unavailable("shutting down")));
    }

    private void run() {
        try {
            while (!closed.get()) {
                var batch = waiting.take();
                if (!batch.outcome().isDone()) {
                    send(batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Batch batch) {
        try {
            var acknowledgements = batch.records().get().map(this::send).toList();
            var _ = CompletableFuture.allOf(acknowledgements.toArray(CompletableFuture[]::new))
                    .whenComplete((_, failure) -> batch.outcome()
                            .complete(failure == null ? new Acknowledged() : new Unavailable(reason(failure))));
        } catch (RuntimeException e) {
            batch.outcome().complete(new Unavailable(reason(e)));
        }
    }

    private CompletableFuture<Void> send(ProducerRecord<String, byte[]> record) {
        var acknowledgement = new CompletableFuture<Void>();
        var _ = producer.send(record, (_, failure) -> {
            if (failure == null) {
                acknowledgement.complete(null);
            } else {
                acknowledgement.completeExceptionally(failure);
            }
        });
        if (acknowledgement.isCompletedExceptionally()) {
            // Refused on the spot, after the producer had waited: the next would wait as long again.
            acknowledgement.join();
        }
        return acknowledgement;
    }

    private static String reason(Throwable failure) {
        return String.valueOf(failure.getCause() == null ? failure : failure.getCause());
    }
}
