package dev.ncwrelay.delivery.messages.ack;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The limit of a device's names, and when a consumer is removed, whatever nodes do at the same time. */
@Tag("kafka")
class ConsumerNamesTest {

    private static final String DEVICE = "device";
    private static final Duration UNUSED = Duration.ofDays(90);
    private static final int MOST = 3;

    private final SimulatedLog log = new SimulatedLog(new ConsumerSettings(MOST, UNUSED));

    @Test
    void name_beyondTheBound_isRefused_andTheOthersGoOn() {
        var node = log.new Node("a");
        for (var name : List.of("one", "two", "three")) {
            assertThat(acknowledge(node, name, 1)).isCompletedWithValue(new AckOutcome.Acknowledged());
        }

        assertThat(acknowledge(node, "four", 1)).isCompletedWithValue(new AckOutcome.TooManyConsumers(MOST));
        assertThat(acknowledge(node, "three", 2)).isCompletedWithValue(new AckOutcome.Acknowledged());
        assertThat(acknowledge(node, "", 2)).isCompletedWithValue(new AckOutcome.Acknowledged());
        assertThat(acknowledge(node, "~v0", 2)).isCompletedWithValue(new AckOutcome.Acknowledged());
    }

    /** Each node may admit one more name, and both admit one. */
    @Test
    void names_thatTwoNodesTakeAtOnce_areDecidedByTheLog() {
        var a = log.new Node("a");
        var b = log.new Node("b");
        for (var name : List.of("one", "two")) {
            var _ = acknowledge(a, name, 1);
        }
        b.settle();

        var third = a.positions.acknowledge(DEVICE, "third", AckPosition.upTo(0, 1));
        var fourth = b.positions.acknowledge(DEVICE, "fourth", AckPosition.upTo(0, 1));
        a.settle();
        b.settle();
        a.settle();

        assertThat(third).isCompletedWithValue(new AckOutcome.Acknowledged());
        assertThat(fourth).isCompletedWithValue(new AckOutcome.TooManyConsumers(MOST));
        for (var node : List.of(a, b)) {
            assertThat(node.positions.find(DEVICE, 0, "third")).isPresent();
            assertThat(node.positions.find(DEVICE, 0, "fourth")).isEmpty();
        }
    }

    @Test
    void names_ofManyNodes_areNeverMoreThanTheBound_andThoseAcknowledgedStay() {
        for (long seed = 0; seed < 300; seed++) {
            var random = new Random(seed);
            var log = new SimulatedLog(new ConsumerSettings(MOST, UNUSED));
            var nodes = List.of(log.new Node("a"), log.new Node("b"), log.new Node("c"));
            var asked = new ArrayList<Map.Entry<CompletableFuture<AckOutcome>, String>>();
            for (int step = 0; step < 100; step++) {
                var node = nodes.get(random.nextInt(nodes.size()));
                switch (random.nextInt(4)) {
                    case 0 -> {
                        var name = "name-" + nodes.indexOf(node) + random.nextInt(2);
                        asked.add(Map.entry(node.positions.acknowledge(DEVICE, name, AckPosition.upTo(0, step)), name));
                    }
                    case 1 -> node.hear();
                    default -> node.readOne();
                }
            }
            settle(log, nodes);

            for (var node : nodes) {
                assertThat(node.positions.size()).as("seed %d", seed).isLessThanOrEqualTo(MOST);
                for (var one : asked) {
                    if (one.getKey().join() instanceof AckOutcome.Acknowledged) {
                        assertThat(node.positions.find(DEVICE, 0, one.getValue()))
                                .as("seed %d", seed)
                                .isPresent();
                    }
                }
            }
        }
    }

    @Test
    void name_unused_isRemovedOnEveryNode_andFreesItsSlot() {
        var a = log.new Node("a");
        var b = log.new Node("b");
        for (var name : List.of("one", "two", "three")) {
            var _ = acknowledge(a, name, 1);
        }
        log.pass(UNUSED.minusDays(1));
        var _ = acknowledge(a, "two", 2);
        log.pass(Duration.ofDays(2));

        a.positions.removeUnused(Duration.ZERO);
        a.settle();
        b.settle();

        for (var node : List.of(a, b)) {
            assertThat(node.positions.size()).isEqualTo(1);
            assertThat(node.positions.find(DEVICE, 0, "two")).contains(AckPosition.upTo(0, 2));
        }
        assertThat(acknowledge(b, "four", 1)).isCompletedWithValue(new AckOutcome.Acknowledged());
    }

    @Test
    void names_ofAFormerOwner_makeRoomForTheNextOwners() {
        var a = log.new Node("a");
        var b = log.new Node("b");
        for (var name : List.of("one", "two", "three")) {
            var _ = acknowledge(a, name, 1);
        }
        var mine = a.positions.acknowledge(DEVICE, "three", AckPosition.upTo(1, 2));
        settle(log, List.of(a, b));
        assertThat(mine).isCompletedWithValue(new AckOutcome.Acknowledged());

        // Each node sees the change.
        a.positions.removeFormerOwners(DEVICE, 1);
        b.positions.removeFormerOwners(DEVICE, 1);
        settle(log, List.of(a, b));

        for (var name : List.of("four", "five")) {
            var added = b.positions.acknowledge(DEVICE, name, AckPosition.upTo(1, 2));
            settle(log, List.of(a, b));
            assertThat(added).isCompletedWithValue(new AckOutcome.Acknowledged());
        }
        var late = log.new Node("late");
        log.compacted().forEach(late::read);
        assertThat(late.positions.find(DEVICE, 1, "three")).contains(AckPosition.upTo(1, 2));
        assertThat(late.positions.find(DEVICE, 1, "four")).isPresent();
    }

    /** A node that was down when the ownership changed removes the former owner's names when the limit is reached. */
    @Test
    void names_ofAFormerOwner_thatAreStillThere_goWhenARefusalShowsIt() {
        var node = log.new Node("a");
        for (var name : List.of("one", "two", "three")) {
            var _ = acknowledge(node, name, 1);
        }

        assertThat(node.positions.acknowledge(DEVICE, "four", AckPosition.upTo(1, 2)))
                .isCompletedWithValue(new AckOutcome.TooManyConsumers(MOST));
        node.settle();

        var again = node.positions.acknowledge(DEVICE, "four", AckPosition.upTo(1, 2));
        node.settle();
        assertThat(again).isCompletedWithValue(new AckOutcome.Acknowledged());
    }

    @Test
    void name_thatOnlyReads_isNotRemoved() {
        var a = log.new Node("a");
        var b = log.new Node("b");
        var _ = acknowledge(a, "one", 1);
        b.settle();
        for (int month = 0; month < 12; month++) {
            log.pass(Duration.ofDays(31));
            b.positions.find(DEVICE, 0, "one");
            b.positions.writePending();
            b.settle();
            a.settle();
            a.positions.removeUnused(Duration.ZERO);
            a.settle();
            b.settle();
        }

        assertThat(a.positions.find(DEVICE, 0, "one")).contains(AckPosition.upTo(0, 1));
        assertThat(log.size()).isLessThan(14);
    }

    @Test
    void name_acknowledgedWhileItIsRemoved_staysOnTheTopic() {
        var a = log.new Node("a");
        var b = log.new Node("b");
        var _ = acknowledge(a, "one", 1);
        b.settle();
        log.pass(UNUSED.plusDays(1));

        var done = b.positions.acknowledge(DEVICE, "one", AckPosition.upTo(0, 2));
        a.positions.removeUnused(Duration.ZERO);
        settle(log, List.of(a, b));

        assertThat(done).isCompletedWithValue(new AckOutcome.Acknowledged());
        var late = log.new Node("late");
        log.compacted().forEach(late::read);
        for (var node : List.of(a, b, late)) {
            assertThat(node.positions.find(DEVICE, 0, "one")).contains(AckPosition.upTo(0, 2));
        }
    }

    /** The node that wrote a removal dies before it can rewrite what it did not know. */
    @Test
    void name_removedByANodeThatDied_isWrittenByOthers() {
        var a = log.new Node("a");
        var b = log.new Node("b");
        var _ = acknowledge(a, "one", 1);
        b.settle();
        log.pass(UNUSED.plusDays(1));

        var _ = b.positions.acknowledge(DEVICE, "one", AckPosition.upTo(0, 2));
        a.positions.removeUnused(Duration.ZERO);
        b.settle();
        log.pass(Duration.ofMinutes(2));
        b.positions.writePending();
        b.settle();

        var late = log.new Node("late");
        log.compacted().forEach(late::read);
        assertThat(late.positions.find(DEVICE, 0, "one")).contains(AckPosition.upTo(0, 2));
    }

    @Test
    void acknowledgements_areNeverRemovedBeforeTheirTime() {
        for (long seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            var log = new SimulatedLog(new ConsumerSettings(MOST, UNUSED));
            var nodes = List.of(log.new Node("a"), log.new Node("b"), log.new Node("c"));
            var asked = new ArrayList<Map.Entry<CompletableFuture<AckOutcome>, Long>>();
            Map<Long, Instant> at = new TreeMap<>();
            for (int step = 0; step < 150; step++) {
                var node = nodes.get(random.nextInt(nodes.size()));
                switch (random.nextInt(8)) {
                    case 0, 1 -> {
                        long offset = step;
                        at.put(offset, log.now());
                        asked.add(Map.entry(
                                node.positions.acknowledge(
                                        DEVICE, "one", AckPosition.empty(0).with(List.of(offset))),
                                offset));
                    }
                    case 2, 3 -> node.hear();
                    case 4, 5 -> node.readOne();
                    case 6 -> node.positions.removeUnused(Duration.ZERO);
                    default -> log.pass(random.nextInt(6) == 0 ? UNUSED.plusDays(1) : Duration.ofSeconds(1));
                }
                if (random.nextInt(20) == 0) {
                    nodes.forEach(SimulatedLog.Node::settle);
                }
            }
            var since = log.now().minus(UNUSED);
            settle(log, nodes);

            var late = log.new Node("late");
            log.compacted().forEach(late::read);
            for (var node : List.of(nodes.get(0), nodes.get(1), nodes.get(2), late)) {
                var position = node.positions.find(DEVICE, 0, "one").orElse(AckPosition.empty(0));
                for (var one : asked) {
                    long offset = one.getValue();
                    if (one.getKey().join() instanceof AckOutcome.Acknowledged
                            && at.getOrDefault(offset, since).isAfter(since)) {
                        assertThat(position.covers(offset)).as("seed %d", seed).isTrue();
                    }
                }
            }
        }
    }

    private static CompletableFuture<AckOutcome> acknowledge(SimulatedLog.Node node, String name, long upTo) {
        var done = node.positions.acknowledge(DEVICE, name, AckPosition.upTo(0, upTo));
        node.settle();
        return done;
    }

    /** Until no node has anything left to read or to rewrite. */
    private static void settle(SimulatedLog log, List<SimulatedLog.Node> nodes) {
        int before = -1;
        while (log.size() != before) {
            before = log.size();
            nodes.forEach(SimulatedLog.Node::settle);
            log.pass(Duration.ofMinutes(2));
            nodes.forEach(node -> node.positions.writePending());
            nodes.forEach(SimulatedLog.Node::settle);
        }
    }
}
