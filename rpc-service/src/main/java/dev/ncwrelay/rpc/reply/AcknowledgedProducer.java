package dev.ncwrelay.rpc.reply;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes and waits for the broker's acknowledgement, again and again while anybody wants it. Safe for many threads. */
public final class AcknowledgedProducer {

    private static final Logger log = LoggerFactory.getLogger(AcknowledgedProducer.class);

    private final Supplier<? extends Producer<String, byte[]>> producer;
    private final Duration pause;

    /**
     * @param producer asked on each publication, so that it need not exist before the first
     * @param pause between a failure and the next try
     */
    public AcknowledgedProducer(Supplier<? extends Producer<String, byte[]>> producer, Duration pause) {
        this.producer = producer;
        this.pause = pause;
    }

    /**
     * Publishes the record, once at least and then while it is wanted.
     *
     * @return true when all in-sync replicas have it, false when it was no longer wanted before that
     * @throws RecordTooLargeException when it can never be published
     */
    public boolean publish(ProducerRecord<String, byte[]> record, BooleanSupplier wanted) throws InterruptedException {
        while (true) {
            var failure = attempt(record);
            if (failure.isEmpty()) {
                return true;
            }
            log.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("deviceId", record.key())
                    .addKeyValue("reason", failure.get())
                    .log("not published");
            if (!wanted.getAsBoolean()) {
                return false;
            }
            Thread.sleep(pause);
        }
    }

    private Optional<Throwable> attempt(ProducerRecord<String, byte[]> record) throws InterruptedException {
        try {
            producer.get().send(record).get();
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException tooLarge) {
                throw tooLarge;
            }
            return Optional.of(e);
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (RuntimeException e) {
            return Optional.of(e);
        }
    }

    /** Kafka's own exception is unchecked and sets the thread's flag again. */
    private static InterruptedException interrupted(InterruptException cause) {
        Thread.interrupted();
        var e = new InterruptedException("interrupted while publishing");
        e.initCause(cause);
        return e;
    }
}
