package dev.ncwrelay.channel.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.Templates;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.kafka.core.KafkaTemplate;

/** Listener containers on a real broker. */
@Tag("kafka")
class EventConsumerTest {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String EVENTS = Topics.DEVICE_EVENTS.name();

    private final SharedStack stack = SharedStack.get();
    private final KafkaTemplate<String, byte[]> template = Templates.of(stack.connection(), "test");
    private final String group = UUID.randomUUID().toString();
    private final RecordingListener listener = new RecordingListener();

    @AfterEach
    void stop() throws Exception {
        template.destroy();
    }

    @ParameterizedTest
    @ValueSource(classes = {CooperativeStickyAssignor.class, RangeAssignor.class})
    void partitionsThatWereNotTakenOver_areTakenOverLater_withoutARecord(Class<?> assignor) {
        listener.failNextTakeOver(new TimeoutException("of a test"));

        try (var consumer = start(assignor)) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(listener.assigned())
                            .containsExactlyInAnyOrder(partitions())
                            .doesNotHaveDuplicates());
            assertThat(listener.takeOversFailed()).isPositive();
            assertThat(consumer.failure()).isEmpty();

            publish(1, "event");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(listener.read(1)).hasSize(1));
        }
    }

    private EventConsumer start(Class<?> assignor) {
        var settings = new ConsumerSettings(
                "test", group, 1, Map.of(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, assignor.getName()));
        var consumer = new EventConsumer(stack.connection(), settings, listener);
        consumer.start();
        return consumer;
    }

    private Integer[] partitions() {
        return IntStream.range(0, stack.connection().partitions()).boxed().toArray(Integer[]::new);
    }

    /** Returns its offset. */
    private long publish(int partition, String value) {
        return template.send(EVENTS, partition, UUID.randomUUID().toString(), value.getBytes(StandardCharsets.UTF_8))
                .join()
                .getRecordMetadata()
                .offset();
    }
}
