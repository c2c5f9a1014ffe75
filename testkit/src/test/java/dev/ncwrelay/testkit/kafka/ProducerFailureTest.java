package dev.ncwrelay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.send.RetryingSender;
import dev.ncwrelay.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kafka's producer still accepts records after its thread has ended, and never completes them. */
@Tag("kafka")
class ProducerFailureTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @Test
    void endOfItsThread_isDetectedByARecordThatIsNotCompleted() {
        // Given
        var clientId = "failing-" + UUID.randomUUID();
        var config = new HashMap<>(SharedStack.get().connection().producer(clientId));
        config.put(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG, FailingInterceptor.class.getName());
        var ended = new CompletableFuture<Throwable>();
        var wanted = new AtomicBoolean(true);
        try (var kafka = new KafkaProducer<String, byte[]>(config)) {
            var sender =
                    new RetryingSender(Templates.of(kafka), Duration.ofMillis(1), Duration.ofSeconds(2), failure -> {
                        wanted.set(false);
                        ended.complete(failure);
                    });

            // When
            Thread.ofVirtual().start(() -> publish(sender, wanted));

            // Then
            assertThat(ended).succeedsWithin(TIMEOUT).asString().contains("its thread has ended");
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                            .noneMatch(thread -> thread.getName().endsWith(clientId)));
            kafka.close(Duration.ZERO);
        }
    }

    private static void publish(RetryingSender sender, AtomicBoolean wanted) {
        try {
            sender.publish(
                    new ProducerRecord<>(Topics.RPC_REQUESTS.deadLetters(), "device", new byte[] {1}), wanted::get);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Called on the producer's thread; Kafka catches exceptions, but not errors. */
    public static final class FailingInterceptor implements ProducerInterceptor<String, byte[]> {

        @Override
        public ProducerRecord<String, byte[]> onSend(ProducerRecord<String, byte[]> record) {
            return record;
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
            throw new LinkageError("injected");
        }

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> configs) {}
    }
}
