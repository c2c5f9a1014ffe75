package dev.ncwrelay.kafka.deadletter;

import dev.ncwrelay.kafka.connection.ClientFailure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes dead letters, by whatever way the caller sends records, and counts those that are acknowledged as
 * {@value #METRIC}, by {@code topic} and {@code result}. A dead letter that is too large for Kafka is written without its
 * value: every retry would fail, and block its reader for ever.
 */
public final class DeadLetterWriter {

    static final String METRIC = "relay.dead.letters";

    private static final Logger log = LoggerFactory.getLogger(DeadLetterWriter.class);

    private final MeterRegistry meters;

    public DeadLetterWriter(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Sends a record and waits for its acknowledgement. */
    @FunctionalInterface
    public interface BlockingSend<X extends Exception> {

        /**
         * Sends the record.
         *
         * @return true when it is acknowledged, false when that is no longer wanted
         * @throws RecordTooLargeException when it is too large for Kafka
         */
        boolean send(ProducerRecord<String, byte[]> letter) throws X;
    }

    /** Writes a dead letter and waits for the acknowledgement; empty when that is no longer wanted. */
    public <X extends Exception> Optional<DeadLetterResult> write(
            ProducerRecord<String, byte[]> letter, BlockingSend<X> sender) throws X {
        try {
            return sender.send(letter)
                    ? Optional.of(counted(letter, DeadLetterResult.DEAD_LETTERED))
                    : Optional.empty();
        } catch (RecordTooLargeException e) {
            return sender.send(withoutValue(letter, e))
                    ? Optional.of(counted(letter, DeadLetterResult.DEAD_LETTERED_WITHOUT_VALUE))
                    : Optional.empty();
        }
    }

    /**
     * Writes a dead letter without waiting.
     *
     * @param sender completes when the record is acknowledged; its failure is the result's
     */
    public CompletableFuture<DeadLetterResult> writeAsync(
            ProducerRecord<String, byte[]> letter,
            Function<ProducerRecord<String, byte[]>, CompletableFuture<Void>> sender) {
        return sender.apply(letter)
                .thenApply(_ -> counted(letter, DeadLetterResult.DEAD_LETTERED))
                .exceptionallyCompose(failure ->
                        ClientFailure.cause(failure) instanceof RecordTooLargeException tooLarge
                                ? sender.apply(withoutValue(letter, tooLarge))
                                        .thenApply(_ -> counted(letter, DeadLetterResult.DEAD_LETTERED_WITHOUT_VALUE))
                                : CompletableFuture.failedFuture(failure));
    }

    private static ProducerRecord<String, byte[]> withoutValue(
            ProducerRecord<String, byte[]> letter, RecordTooLargeException reason) {
        log.atError()
                .addKeyValue("topic", letter.topic())
                .addKeyValue("reason", reason)
                .log("dead letter written without its value");
        return DeadLetters.withoutValue(letter);
    }

    private DeadLetterResult counted(ProducerRecord<String, byte[]> letter, DeadLetterResult result) {
        Counter.builder(METRIC)
                .description("Dead letters acknowledged by Kafka")
                .tag("topic", letter.topic())
                .tag("result", result.label())
                .register(meters)
                .increment();
        return result;
    }
}
