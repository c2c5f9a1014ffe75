package dev.ncwrelay.delivery.position;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.DeviceCursor;
import dev.ncwrelay.delivery.publish.Publisher;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes that acknowledge for the same consumer at the same time, on a log that each reads at its own pace. */
@Tag("kafka")
class PositionsTest {

    private static final int GENERATION = 5;
    private static final String DEVICE = "device";
    private static final String CONSUMER = "app";

    private final RecordCodec codec = SharedStack.get().codec();
    private final List<ProducerRecord<String, byte[]>> log = new ArrayList<>();

    @Test
    void acknowledgements_ofSeveralNodes_endOnTheLogAsTheirMerge() {
        for (long seed = 0; seed < 50; seed++) {
            log.clear();
            var random = new Random(seed);
            var nodes = List.of(new Node("a"), new Node("b"), new Node("c"));
            var expected = Position.NONE;
            for (int step = 0; step < 40; step++) {
                var node = nodes.get(random.nextInt(nodes.size()));
                if (random.nextBoolean()) {
                    var added = random.nextInt(4) == 0
                            ? Position.upTo(random.nextInt(100))
                            : Position.NONE.with(List.of((long) random.nextInt(100)));
                    expected = expected.merge(added);
                    node.acknowledge(added);
                } else {
                    node.readOne();
                }
            }
            while (nodes.stream().anyMatch(Node::readOne)) {
                // Until nobody has anything left to read or to write again.
            }

            var last = new Node("late");
            last.read(log.getLast());
            assertThat(last.position()).as("seed %d", seed).isEqualTo(expected);
            for (var node : nodes) {
                assertThat(node.position()).as("seed %d", seed).isEqualTo(expected);
            }
        }
    }

    @Test
    void acknowledgement_ofNothingNew_writesNothing() {
        var node = new Node("a");
        node.acknowledge(Position.upTo(9));

        node.acknowledge(Position.upTo(4));

        assertThat(log).hasSize(1);
    }

    @Test
    void position_ofAnotherGeneration_isIgnored() {
        var node = new Node("a", GENERATION + 1);
        node.acknowledge(Position.upTo(9));

        var other = new Node("b");
        other.read(log.getFirst());

        assertThat(other.positions.find(DEVICE, CONSUMER)).isEmpty();
    }

    /** One node: acknowledges to the log, reads it from the beginning. */
    private final class Node {

        private final MockProducer<String, byte[]> producer =
                new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
        private final Positions positions;
        private int taken;
        private int next;

        private Node(String name) {
            this(name, GENERATION);
        }

        private Node(String name, int generation) {
            positions = new Positions(
                    new Publisher(producer, codec, LocalKafka.PARTITIONS), () -> generation, name, Clock.systemUTC());
        }

        void acknowledge(Position added) {
            positions
                    .acknowledge(DEVICE, CONSUMER, before -> before.merge(added))
                    .join();
            collect();
        }

        boolean readOne() {
            if (next == log.size()) {
                return false;
            }
            read(log.get(next++));
            return true;
        }

        void read(ProducerRecord<String, byte[]> record) {
            if (!(codec.decode(Topics.DEVICE_CURSORS, record.value())
                    instanceof Decoded.Value<DeviceCursor>(var cursor))) {
                throw new AssertionError("unreadable");
            }
            positions.read(
                    cursor,
                    new ConsumerRecord<>(
                            record.topic(),
                            record.partition(),
                            0,
                            0,
                            TimestampType.CREATE_TIME,
                            0,
                            0,
                            record.key(),
                            record.value(),
                            record.headers(),
                            Optional.empty()));
            collect();
        }

        Position position() {
            return positions.find(DEVICE, CONSUMER).orElse(Position.NONE);
        }

        private void collect() {
            var history = producer.history();
            log.addAll(history.subList(taken, history.size()));
            taken = history.size();
        }
    }
}
