package dev.ncwrelay.channel.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.Templates;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.kafka.core.KafkaTemplate;

/** Listener containers on a real broker. */
@Tag("kafka")
@Tag("brokers")
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

    @Test
    void partitionThatFails_keepsNoOtherWaiting() {
        try (var _ = start(CooperativeStickyAssignor.class)) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(listener.assigned()).contains(partitions()));
            listener.fail(0, new IllegalStateException("of a test"));
            long end = publish(0, "of the partition that fails");

            for (int i = 0; i < 3; i++) {
                long next = publish(1, "event") + 1;
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(committed(1)).isEqualTo(next));
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(listener.committed(1)).isEqualTo(next));
            }
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(listener.attempts(0)).isGreaterThan(2));
            assertThat(listener.read(0)).isEmpty();
            assertThat(committed(0)).isEqualTo(end);
            assertThat(listener.committed(0)).isZero();
            assertThat(listener.read(1)).hasSize(3).doesNotHaveDuplicates();

            listener.recover();
            await().atMost(SOON).untilAsserted(() -> assertThat(committed(0)).isEqualTo(end + 1));
            assertThat(listener.read(0)).containsExactly(end);
        }
    }

    @Test
    void channelThatIsUnavailable_isNotAskedForEachPartition_andNothingIsLostOrRepeated() {
        try (var _ = start(CooperativeStickyAssignor.class)) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(listener.assigned()).contains(partitions()));
            listener.fail(0, new ChannelUnavailableException("of a test"));
            long first = publish(0, "event");
            long second = publish(1, "event");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(listener.attempts(0)).isGreaterThan(1));

            listener.recover();

            await().atMost(SOON).untilAsserted(() -> {
                assertThat(listener.read(0)).containsExactly(first);
                assertThat(listener.read(1)).containsExactly(second);
            });
        }
    }

    @Test
    void failureOfAPartition_isForgottenWhenAnotherConsumerHasIt() {
        try (var consumer = startMember("b", listener)) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(listener.assigned()).contains(partitions()));
            listener.fail(0, new IllegalStateException("of a test"));
            long event = publish(0, "event");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(consumer.failure()).contains("of a test"));
            var other = new RecordingListener();

            try (var _ = startMember("a", other)) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(other.read(0)).containsExactly(event));
                await().atMost(SOON)
                        .untilAsserted(() ->
                                assertThat(listener.assigned()).isNotEmpty().doesNotContain(0));
                assertThat(consumer.failure()).isEmpty();
            }
        }
    }

    private EventConsumer start(Class<?> assignor) {
        return start(listener, Map.of(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, assignor.getName()));
    }

    /** The range assignor gives the first partitions to the first of the ids. */
    private EventConsumer startMember(String id, RecordingListener listener) {
        return start(
                listener,
                Map.of(
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        RangeAssignor.class.getName(),
                        ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                        id));
    }

    private EventConsumer start(RecordingListener listener, Map<String, Object> properties) {
        var settings = new ConsumerSettings("test", group, 1, properties);
        var consumer = new EventConsumer(stack.connection(), settings, listener, Clock.systemUTC());
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

    private long committed(int partition) {
        var config = stack.connection().shortLivedConsumer("test");
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        try (var consumer = new KafkaConsumer<String, byte[]>(config)) {
            var topic = new TopicPartition(EVENTS, partition);
            return consumer.committed(Set.of(topic))
                    .getOrDefault(topic, new OffsetAndMetadata(0))
                    .offset();
        }
    }
}
