package dev.ncwrelay.kafka.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.MockTemplate;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** With Kafka's {@code MockProducer}, which acknowledges and fails on request. */
class RetryingSenderTest {

    private static final ProducerRecord<String, byte[]> RECORD = new ProducerRecord<>("topic", "key", new byte[] {1});
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final MockProducer<String, byte[]> kafka =
            new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
    private final RetryingSender sender =
            new RetryingSender(MockTemplate.of(kafka), Duration.ofMillis(1), TIMEOUT, _ -> {});
    private final AtomicBoolean wanted = new AtomicBoolean(true);

    @Test
    void publish_returnsOnlyWhenTheBrokerHasAcknowledged() {
        var published = publish();
        awaitSent(1);
        assertThat(published).isNotDone();

        kafka.completeNext();

        assertThat(published).succeedsWithin(TIMEOUT).isEqualTo(OptionalLong.of(0));
    }

    @Test
    void publish_retriesUntilItSucceeds() {
        var published = publish();
        awaitSent(1);
        kafka.errorNext(new TimeoutException("timed out"));
        awaitSent(2);
        assertThat(published).isNotDone();

        kafka.completeNext();

        assertThat(published).succeedsWithin(TIMEOUT).isEqualTo(OptionalLong.of(1));
    }

    @Test
    void publish_whenNoLongerWanted_returnsEmpty() {
        wanted.set(false);
        var published = publish();
        awaitSent(1);

        kafka.errorNext(new TimeoutException("timed out"));

        assertThat(published).succeedsWithin(TIMEOUT).isEqualTo(OptionalLong.empty());
    }

    @Test
    void publish_ofTooLargeRecord_throws() {
        var published = publish();
        awaitSent(1);

        kafka.errorNext(new RecordTooLargeException("too large"));

        assertThatThrownBy(published::join).hasCauseInstanceOf(RecordTooLargeException.class);
    }

    private CompletableFuture<OptionalLong> publish() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return sender.publish(RECORD, wanted::get);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void awaitSent(int count) {
        await().untilAsserted(() -> assertThat(kafka.history()).hasSize(count));
    }
}
