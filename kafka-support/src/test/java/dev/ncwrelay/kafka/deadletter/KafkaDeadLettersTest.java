package dev.ncwrelay.kafka.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.kafka.MockTemplate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** On Kafka's own fake producer. */
class KafkaDeadLettersTest {

    private static final int LIMIT = 100;

    private final MockProducer<String, byte[]> kafka =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()) {
                @Override
                public Future<RecordMetadata> send(ProducerRecord<String, byte[]> record, Callback callback) {
                    return record.value() != null && record.value().length > LIMIT
                            ? CompletableFuture.failedFuture(new RecordTooLargeException("injected"))
                            : super.send(record, callback);
                }
            };
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final KafkaDeadLetters deadLetters = new KafkaDeadLetters(MockTemplate.of(kafka), meters);

    @Test
    void publish_writesTheWholeLetter() {
        deadLetters.publish(letter(LIMIT));

        assertThat(kafka.history())
                .singleElement()
                .satisfies(written -> assertThat(written.value()).hasSize(LIMIT));
        assertThat(count("dead_lettered")).isEqualTo(1);
    }

    @Test
    void publish_ofATooLargeLetter_writesItWithoutItsValue() {
        deadLetters.publish(letter(LIMIT + 1));

        assertThat(kafka.history()).singleElement().satisfies(written -> {
            assertThat(written.value()).isNull();
            assertThat(written.headers().lastHeader(DeadLetters.LEFT_OUT).value())
                    .asString()
                    .isEqualTo("101");
        });
        assertThat(count("dead_lettered_without_value")).isEqualTo(1);
        assertThat(count("dead_lettered")).isZero();
    }

    @Test
    void publish_ifNotAcknowledged_throws() {
        kafka.sendException = new TimeoutException("injected");

        assertThatThrownBy(() -> deadLetters.publish(letter(1))).isInstanceOf(RuntimeException.class);
        assertThat(count("dead_lettered")).isZero();
    }

    private double count(String result) {
        return meters.counter("relay.dead.letters", "topic", "topic.dlt", "result", result)
                .count();
    }

    private static ProducerRecord<String, byte[]> letter(int bytes) {
        return DeadLetters.of("topic.dlt", "key", new byte[bytes], "unreadable", Instant.EPOCH);
    }
}
