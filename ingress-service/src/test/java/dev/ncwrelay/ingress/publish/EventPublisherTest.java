package dev.ncwrelay.ingress.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.kafka.deadletter.DeadLetterWriter;
import dev.ncwrelay.kafka.deadletter.DeadLetters;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import dev.ncwrelay.testkit.kafka.Templates;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dead letters of webhooks, on Kafka's own fake producer. */
class EventPublisherTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final int LIMIT = 100;

    private final MockProducer<String, byte[]> kafka =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()) {
                @Override
                public synchronized Future<RecordMetadata> send(
                        ProducerRecord<String, byte[]> record, Callback callback) {
                    if (record.value() == null || record.value().length <= LIMIT) {
                        return super.send(record, callback);
                    }
                    var failure = new RecordTooLargeException("injected");
                    callback.onCompletion(null, failure);
                    return CompletableFuture.failedFuture(failure);
                }
            };
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final EventPublisher publisher = new EventPublisher(
            Templates.of(kafka),
            new RecordCodec(RegistryConnection.at(URI.create("http://localhost:1"))),
            12,
            new DeadLetterWriter(meters),
            Clock.systemUTC());

    @AfterEach
    void stop() {
        publisher.close();
    }

    @Test
    void setAside_writesTheWholeBody() {
        assertThat(publisher.setAside(new byte[LIMIT], "no JSON"))
                .succeedsWithin(TIMEOUT)
                .isEqualTo(new PublishOutcome.Acknowledged());

        assertThat(kafka.history())
                .singleElement()
                .satisfies(letter -> assertThat(letter.value()).hasSize(LIMIT));
        assertThat(count("dead_lettered")).isEqualTo(1);
    }

    /** A 503 would make Fireblocks send the same body again, which Kafka refuses each time. */
    @Test
    void setAside_ofABodyTooLargeForKafka_writesTheDeadLetterWithoutIt() {
        assertThat(publisher.setAside(new byte[LIMIT + 1], "no JSON"))
                .succeedsWithin(TIMEOUT)
                .isEqualTo(new PublishOutcome.Acknowledged());

        assertThat(kafka.history()).singleElement().satisfies(letter -> {
            assertThat(letter.topic()).isEqualTo(Topics.WEBHOOK_DEAD_LETTERS);
            assertThat(letter.value()).isNull();
            assertThat(letter.headers().lastHeader(DeadLetters.LEFT_OUT).value())
                    .asString()
                    .isEqualTo("101");
            assertThat(letter.headers().lastHeader(DeadLetters.REASON).value())
                    .asString()
                    .isEqualTo("no JSON");
        });
        assertThat(count("dead_lettered_without_value")).isEqualTo(1);
    }

    @Test
    void setAside_ifNotAcknowledged_isUnavailable_andNotCounted() {
        kafka.sendException = new TimeoutException("injected");

        assertThat(publisher.setAside(new byte[1], "no JSON"))
                .succeedsWithin(TIMEOUT)
                .isInstanceOf(PublishOutcome.Unavailable.class);
        assertThat(count("dead_lettered")).isZero();
    }

    private double count(String result) {
        return meters.counter("relay.dead.letters", "topic", Topics.WEBHOOK_DEAD_LETTERS, "result", result)
                .count();
    }
}
