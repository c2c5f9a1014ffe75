package dev.ncwrelay.kafka.send;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes and waits for the broker's acknowledgement, again and again while anybody wants it. Safe for many threads.
 *
 * <p>Kafka's producer says of each record within {@code delivery.timeout.ms} what became of it, unless its thread has
 * ended, as it does after an {@link Error}: then it takes records and never says anything.
 */
public final class RetryingSender {

    private static final Logger log = LoggerFactory.getLogger(RetryingSender.class);

    private final Supplier<? extends Producer<String, byte[]>> producer;
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final Duration pause;
    private final Duration maxWait;
    private final Consumer<Throwable> onProducerDead;

    /**
     * @param producer asked on each publication, so that it need not exist before the first
     * @param pause between a failure and the next try
     * @param longest longer than the producer may take to say what became of a record
     * @param ended hears that it took longer
     */
    public RetryingSender(
            Supplier<? extends Producer<String, byte[]>> producer,
            Duration pause,
            Duration longest,
            Consumer<Throwable> ended) {
        this.producer = producer;
        this.pause = pause;
        this.maxWait = longest;
        this.onProducerDead = ended;
    }

    /**
     * Publishes the record, once at least and then while it is wanted.
     *
     * @return the record's offset when all in-sync replicas have it, nothing when it was no longer wanted before that
     * @throws RecordTooLargeException when it can never be published
     */
    public OptionalLong publish(ProducerRecord<String, byte[]> record, BooleanSupplier shouldRetry)
            throws InterruptedException {
        while (true) {
            switch (attempt(record)) {
                case Attempt.Acknowledged(var offset) -> {
                    return OptionalLong.of(offset);
                }
                case Attempt.Failed(var reason) ->
                    log.atWarn()
                            .addKeyValue("topic", record.topic())
                            .addKeyValue("deviceId", record.key())
                            .addKeyValue("reason", reason)
                            .log("not published");
            }
            if (!shouldRetry.getAsBoolean()) {
                return OptionalLong.empty();
            }
            Thread.sleep(pause);
        }
    }

    private sealed interface Attempt {
        record Acknowledged(long offset) implements Attempt {}

        record Failed(Throwable reason) implements Attempt {}
    }

    private Attempt attempt(ProducerRecord<String, byte[]> record) throws InterruptedException {
        try {
            return new Attempt.Acknowledged(
                    acknowledgement(producer.get().send(record)).offset());
        } catch (TimeoutException e) {
            onProducerDead.accept(
                    new IllegalStateException("the producer says nothing of a record, its thread has ended", e));
            return new Attempt.Failed(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException tooLarge) {
                throw tooLarge;
            }
            return new Attempt.Failed(e);
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (RuntimeException e) {
            return new Attempt.Failed(e);
        }
    }

    /** In small parts: a process that was suspended meanwhile has not waited, and its producer has not either. */
    private RecordMetadata acknowledgement(Future<RecordMetadata> sent)
            throws InterruptedException, ExecutionException, TimeoutException {
        var part = maxWait.compareTo(CHECK_INTERVAL) < 0 ? maxWait : CHECK_INTERVAL;
        for (long parts = maxWait.dividedBy(part); parts > 1; parts--) {
            try {
                return sent.get(part.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                log.atDebug().addKeyValue("reason", e).log("not acknowledged yet");
            }
        }
        return sent.get(part.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Kafka's own exception is unchecked and sets the thread's flag again. */
    private static InterruptedException interrupted(InterruptException cause) {
        Thread.interrupted();
        var e = new InterruptedException("interrupted while publishing");
        e.initCause(cause);
        return e;
    }
}
