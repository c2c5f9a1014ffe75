package dev.ncwrelay.delivery.messages.ack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes that acknowledge for the same consumer at the same time, on a topic that each reads at its own pace. */
@Tag("kafka")
class AckPositionsTest {

    private static final String DEVICE = "device";
    private static final String CONSUMER = "app";

    private final SimulatedLog log = new SimulatedLog(new ConsumerSettings(16, Duration.ofDays(90)));

    @Test
    void acknowledgements_ofSeveralNodes_endOnTheLogAsTheirMerge() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var log = new SimulatedLog(new ConsumerSettings(16, Duration.ofDays(90)));
            var nodes = List.of(log.new Node("a"), log.new Node("b"), log.new Node("c"));
            var expected = AckPosition.empty(0);
            var done = new ArrayList<CompletableFuture<AckOutcome>>();
            for (int step = 0; step < 80; step++) {
                var node = nodes.get(random.nextInt(nodes.size()));
                log.pass(Duration.ofMillis(random.nextInt(300)));
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        var added = random.nextInt(4) == 0
                                ? AckPosition.upTo(0, random.nextInt(100))
                                : AckPosition.empty(0).with(List.of((long) random.nextInt(100)));
                        expected = expected.merge(added);
                        done.add(node.positions.acknowledge(DEVICE, CONSUMER, added));
                    }
                    case 2 -> node.readOne();
                    case 3 -> node.hear();
                    default -> node.positions.writePending();
                }
            }
            settle(log, nodes);

            var late = log.new Node("late");
            log.compacted().forEach(late::read);
            assertThat(late.positions.find(DEVICE, 0, CONSUMER))
                    .as("seed %d", seed)
                    .contains(expected);
            for (var node : nodes) {
                assertThat(node.positions.find(DEVICE, 0, CONSUMER))
                        .as("seed %d", seed)
                        .contains(expected);
            }
            assertThat(done).as("seed %d", seed).allMatch(one -> one.join() instanceof AckOutcome.Acknowledged);
        }
    }

    @Test
    void acknowledgements_thatComeQuickly_causeNoMoreRecordsThanTheyAre() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var log = new SimulatedLog(new ConsumerSettings(16, Duration.ofDays(90)));
            var nodes = List.of(log.new Node("a"), log.new Node("b"));
            int acknowledged = 0;
            for (int step = 0; step < 400; step++) {
                var node = nodes.get(random.nextInt(nodes.size()));
                log.pass(Duration.ofMillis(1));
                switch (random.nextInt(4)) {
                    case 0 -> {
                        var _ = node.positions.acknowledge(DEVICE, CONSUMER, AckPosition.upTo(0, acknowledged++));
                    }
                    case 1 -> node.hear();
                    case 2 -> node.readOne();
                    default -> node.positions.writePending();
                }
            }
            settle(log, nodes);

            assertThat(log.size()).as("seed %d", seed).isLessThanOrEqualTo(acknowledged);
        }
    }

    @Test
    void acknowledgements_duringAWrite_goTogetherWithTheNext() {
        var node = known();
        var first = node.positions.acknowledge(DEVICE, CONSUMER, AckPosition.upTo(0, 1));
        var others = new ArrayList<CompletableFuture<AckOutcome>>();
        for (int one = 2; one < 22; one++) {
            others.add(node.positions.acknowledge(DEVICE, CONSUMER, AckPosition.upTo(0, one)));
        }
        int inFlight = log.size();

        node.hear();

        assertThat(first).isDone();
        assertThat(others).noneMatch(CompletableFuture::isDone);
        assertThat(log.size()).isEqualTo(inFlight + 1);
        node.hear();
        assertThat(others).allMatch(CompletableFuture::isDone);
        assertThat(log.size()).isEqualTo(inFlight + 1);
    }

    @Test
    void acknowledgement_ofNothingNew_writesNothing() {
        var node = known();
        var _ = node.positions.acknowledge(DEVICE, CONSUMER, AckPosition.upTo(0, 9));
        node.settle();
        int before = log.size();

        assertThat(node.positions.acknowledge(DEVICE, CONSUMER, AckPosition.upTo(0, 4)))
                .isCompletedWithValue(new AckOutcome.Acknowledged());

        assertThat(log.size()).isEqualTo(before);
    }

    @Test
    void acknowledgement_ofTooManySingles_isRefused() {
        var node = known();
        var many = new ArrayList<Long>();
        for (long one = 0; one < 2_010; one += 2) {
            many.add(one);
        }

        assertThat(node.positions.acknowledge(
                        DEVICE, CONSUMER, AckPosition.empty(0).with(many)))
                .isCompletedWithValue(new AckOutcome.TooManyIndividual(1_000));
    }

    @Test
    void position_ofAnotherGeneration_isIgnored() {
        var node = log.new Node("a", SimulatedLog.GENERATION + 1);
        var _ = node.positions.acknowledge(DEVICE, CONSUMER, AckPosition.upTo(0, 9));

        var other = log.new Node("b");
        other.settle();

        assertThat(other.positions.find(DEVICE, 0, CONSUMER)).isEmpty();
    }

    @Test
    void acknowledgements_ofAFormerOwner_areVoid_howeverLateTheyCome() {
        // Given
        var stale = log.new Node("stale");
        var node = log.new Node("a");
        var _ = node.positions.acknowledge(DEVICE, CONSUMER, AckPosition.upTo(0, 9));
        var _ = node.positions.acknowledge(DEVICE, CONSUMER, AckPosition.upTo(5, 3));

        // When
        var _ = stale.positions.acknowledge(DEVICE, CONSUMER, AckPosition.upTo(0, 12));
        settle(log, List.of(stale, node));

        // Then
        var late = log.new Node("late");
        late.settle();
        for (var each : List.of(stale, node, late)) {
            assertThat(each.positions.find(DEVICE, 5, CONSUMER)).contains(AckPosition.upTo(5, 3));
            assertThat(each.positions.find(DEVICE, 0, CONSUMER)).isEmpty();
        }
    }

    private SimulatedLog.Node known() {
        var node = log.new Node("a");
        var _ = node.positions.acknowledge(DEVICE, CONSUMER, AckPosition.upTo(0, 0));
        node.settle();
        return node;
    }

    /** Until no node has anything left to read or to rewrite. */
    private static void settle(SimulatedLog log, List<SimulatedLog.Node> nodes) {
        int before = -1;
        while (log.size() != before) {
            before = log.size();
            nodes.forEach(SimulatedLog.Node::settle);
            log.pass(Duration.ofSeconds(2));
            nodes.forEach(node -> node.positions.writePending());
            nodes.forEach(SimulatedLog.Node::settle);
        }
    }
}
