package dev.ncwrelay.channel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.consume.Offsets;
import dev.ncwrelay.channel.consume.ReadEvents;
import dev.ncwrelay.channel.consume.RecordSource;
import dev.ncwrelay.cursor.Cursor;
import dev.ncwrelay.schemas.TenantTopic;
import dev.ncwrelay.testkit.time.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class TenantPartitionTest {

    private static final int PART = 5;
    private static final String REFUSAL = "no leader";

    /** Of one partition each: the target of a message is its tenant's. */
    private static final ReadableTopic ACME = ReadableTopic.of(new TenantTopic("acme"), 1, null);

    private static final ReadableTopic BETA = ReadableTopic.of(new TenantTopic("beta"), 1, null);

    private final MutableClock clock = new MutableClock();
    private final SimulatedTarget target = new SimulatedTarget();
    private final List<ConsumerRecord<String, byte[]>> log = new ArrayList<>();

    @Test
    void heldEvents_thatTakeLongerThanACall_areSentOnceEach() {
        append("acme", 5);
        var partition = partition();
        target.refusing = Set.of(ACME.name());
        partition.read(log);
        target.refusing = Set.of();
        clock.advance(Duration.ofSeconds(1));
        target.perRound = Duration.ofSeconds(20);

        assertThatThrownBy(partition::catchUp)
                .isInstanceOf(ChannelUnavailableException.class)
                .hasMessageContaining("slow");
        assertThatThrownBy(partition::catchUp).isInstanceOf(ChannelUnavailableException.class);
        partition.catchUp();

        assertThat(target.sent).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(partition.held().targets()).isEmpty();
    }

    @Test
    void heldEvents_areSentAgain_whenTheyAreReadAgainLater() {
        append("acme", 2);
        var partition = partition();
        target.refusing = Set.of(ACME.name());
        partition.read(log);
        target.refusing = Set.of();
        clock.advance(Duration.ofSeconds(1));
        partition.catchUp();
        assertThat(target.sent).containsExactly(0L, 1L);

        // A rebalance took it away and brought it back.
        partition.read(log);

        assertThat(target.sent).containsExactly(0L, 1L, 0L, 1L);
    }

    @Test
    void partitionOfWhichNothingIsInThePart_staysRefused() {
        append("acme", 2 * PART);
        append("beta", 1);
        var partition = partition();
        target.refusing = Set.of(ACME.name(), BETA.name());
        partition.read(log);
        target.refusing = Set.of(BETA.name());
        clock.advance(Duration.ofSeconds(1));

        assertThat(partition.catchUp()).isTrue();

        assertThat(target.sent).hasSize(PART);
        assertThat(partition.held().reasons()).isEqualTo(Map.of(new TopicPartition(BETA.name(), 0), REFUSAL));
    }

    private TenantPartition partition() {
        return new TenantPartition(0, new Offsets(0, 0), this::messages, target, new Log(), clock);
    }

    private void append(String tenant, int count) {
        IntStream.range(0, count)
                .forEach(_ -> log.add(new ConsumerRecord<>("events", 0, log.size(), tenant, new byte[0])));
    }

    /** Each tenant has one device, of its name. */
    private List<TenantMessage> messages(List<ConsumerRecord<String, byte[]>> records) {
        return records.stream().map(TenantPartitionTest::message).toList();
    }

    private static TenantMessage message(ConsumerRecord<String, byte[]> record) {
        var event = ReadEvents.of(record.offset(), "id", record.key(), null, record.key());
        return new TenantMessage(
                record,
                event,
                new Cursor(1, 1, 0, record.offset()),
                record.key().equals("acme") ? ACME : BETA);
    }

    private final class Log implements RecordSource {

        @Override
        public Part read(int partition, long from, long end, Predicate<String> devices) {
            long upTo = Math.min(end, from + PART);
            return new Part(
                    log.subList((int) from, (int) upTo).stream()
                            .filter(record -> devices.test(record.key()))
                            .toList(),
                    upTo);
        }
    }

    /** Topics in memory, which accept everything of some tenants and nothing of others, and take their time. */
    private final class SimulatedTarget implements TenantTarget {

        private final List<Long> sent = new ArrayList<>();
        private Set<String> refusing = Set.of();
        private Duration perRound = Duration.ZERO;

        @Override
        public void open() {}

        @Override
        public boolean mayReceive(Set<TopicPartition> targets, String deviceId) {
            return Stream.of(ACME, BETA)
                    .anyMatch(topic -> topic.name().endsWith("." + deviceId)
                            && targets.contains(new TopicPartition(topic.name(), 0)));
        }

        @Override
        public List<Held> send(List<TenantMessage> round, Consumer<TenantMessage> done) {
            var held = new ArrayList<Held>();
            for (var message : round) {
                if (refusing.contains(message.topic().name())) {
                    held.add(new Held(message, REFUSAL));
                } else {
                    sent.add(message.offset());
                    done.accept(message);
                }
            }
            clock.advance(perRound);
            return held;
        }
    }
}
