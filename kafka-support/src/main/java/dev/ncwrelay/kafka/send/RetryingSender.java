package dev.ncwrelay.kafka.send;

import dev.ncwrelay.kafka.connection.ClientFailure;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.support.SendResult;

/**
 * Publishes a record, waits for the acknowledgement of all in-sync replicas, and retries while the record is wanted. Safe
 * for many threads.
 *
 * <p>Separate from {@link RecordSender}, whose records fail after a bounded time and whose callers never block. rpc-service
 * must not give up the reply of a call that was made: its worker blocks and retries until the reply is acknowledged or its
 * partition has moved, the record counts as unpublished until then, and the producer is created with the first reply.
 *
 * <p>Kafka's producer completes each record within {@code delivery.timeout.ms}, unless its thread has ended, as it does
 * after an {@link Error}: then it accepts records and never completes them.
 */
public final class RetryingSender {

    private static final Logger log = LoggerFactory.getLogger(RetryingSender.class);

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final KafkaOperations<String, byte[]> kafka;
    private final Duration pause;
    private final Duration maxWait;
    private final Consumer<Throwable> onProducerDead;

    /**
     * @param pause between a failure and the next attempt
     * @param maxWait longer than the producer may take to complete a record
     * @param onProducerDead called when it takes longer
     */
    public RetryingSender(
            KafkaOperations<String, byte[]> kafka,
            Duration pause,
            Duration maxWait,
            Consumer<Throwable> onProducerDead) {
        this.kafka = kafka;
        this.pause = pause;
        this.maxWait = maxWait;
        this.onProducerDead = onProducerDead;
    }

    /**
     * Publishes the record, at least once and then until {@code shouldRetry} is false.
     *
     * @return the record's offset when all in-sync replicas have it; empty when the last attempt failed
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
                            .log("publishing failed");
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
            return new Attempt.Acknowledged(acknowledgement(kafka.send(record)).offset());
        } catch (TimeoutException e) {
            onProducerDead.accept(
                    new IllegalStateException("the producer does not complete a record, its thread has ended", e));
            return new Attempt.Failed(e);
        } catch (ExecutionException | RuntimeException e) {
            return switch (ClientFailure.cause(e)) {
                case RecordTooLargeException tooLarge -> throw tooLarge;
                case InterruptException interrupt -> throw interrupted(interrupt);
                case Throwable cause -> new Attempt.Failed(cause);
            };
        }
    }

    /** Waits in small parts: the time in which the process was suspended does not count; the producer does not count it either. */
    private RecordMetadata acknowledgement(Future<? extends SendResult<?, ?>> sent)
            throws InterruptedException, ExecutionException, TimeoutException {
        var part = maxWait.compareTo(CHECK_INTERVAL) < 0 ? maxWait : CHECK_INTERVAL;
        for (long parts = maxWait.dividedBy(part); parts > 1; parts--) {
            try {
                return sent.get(part.toNanos(), TimeUnit.NANOSECONDS).getRecordMetadata();
            } catch (TimeoutException e) {
                log.atDebug().addKeyValue("reason", e).log("not acknowledged yet");
            }
        }
        return sent.get(part.toNanos(), TimeUnit.NANOSECONDS).getRecordMetadata();
    }

    /** Kafka's own exception is unchecked and sets the thread's flag again. */
    private static InterruptedException interrupted(InterruptException cause) {
        Thread.interrupted();
        var e = new InterruptedException("interrupted while publishing");
        e.initCause(cause);
        return e;
    }
}
