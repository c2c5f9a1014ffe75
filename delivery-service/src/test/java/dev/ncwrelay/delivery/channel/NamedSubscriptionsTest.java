package dev.ncwrelay.delivery.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.SimulatedChannels.Node;
import dev.ncwrelay.delivery.channel.SimulatedChannels.TestKind;
import dev.ncwrelay.delivery.channel.kind.ChannelSettings;
import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A kind of which a device has several subscriptions, as a phone has whose token rotates. */
class NamedSubscriptionsTest {

    private static final int LIMIT = 3;
    private static final TestKind KIND = new TestKind("fcm", OptionalInt.empty(), OptionalInt.of(LIMIT));

    private SimulatedChannels channels = new SimulatedChannels(7);

    @Test
    void furtherOne_isAdded_untilTheLimit() {
        // Given
        var node = channels.node();
        var added = List.of(subscribed(node, "a"), subscribed(node, "b"), subscribed(node, "c"));

        // When
        var beyond = subscribe(node, "d");
        channels.runAll();
        var again = subscribed(node, "a");

        // Then
        assertThat(added).allMatch(ChannelSubscriber.SubscribeResult::isNew);
        assertThat(beyond)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        FailureException.class,
                        refused -> assertThat(refused.failure())
                                .isEqualTo(new Failure.TooManySubscriptionsOfDevice(KIND.name(), LIMIT)));
        assertThat(again.isNew()).isFalse();
        assertThat(channels.log).hasSize(3);
        assertThat(names()).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void rotatedTokens_neverFillTheList() {
        var node = channels.node();
        for (int rotation = 0; rotation < 20; rotation++) {
            var token = subscribed(node, "token-" + rotation);
            assertThat(token.isNew()).isTrue();
            breakOne(token.channel().subscription(), rotation);

            assertThat(names()).hasSizeLessThanOrEqualTo(LIMIT).contains("token-" + rotation);
        }
    }

    @Test
    void brokenOne_isRemoved_onlyWhenItsPlaceIsNeeded() {
        // Given
        var node = channels.node();
        breakOne(subscribed(node, "a").channel().subscription(), 1);
        breakOne(subscribed(node, "b").channel().subscription(), 0);

        // When
        subscribed(node, "c");
        var kept = names();
        subscribed(node, "d");

        // Then
        assertThat(kept).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(names()).containsExactlyInAnyOrder("a", "c", "d");
    }

    @Test
    void brokenOne_thatSubscribesAgain_continues_andKeepsItsPlace() {
        // Given
        var node = channels.node();
        var broken = subscribed(node, "a").channel().subscription();
        subscribed(node, "b");
        subscribed(node, "c");
        breakOne(broken, 0);

        // When
        var again = subscribed(node, "a");

        // Then
        assertThat(again.isNew()).isFalse();
        assertThat(again.channel().subscription().getSubscriptionId()).isNotEqualTo(broken.getSubscriptionId());
        assertThat(names()).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void unsubscribe_endsOne_orAll() {
        // Given
        var node = channels.node();
        List.of("a", "b", "c").forEach(name -> subscribed(node, name));

        // When
        channels.runAll(node.subscriber.unsubscribe(channels.owner, KIND, "b"::equals));
        var left = names();
        channels.runAll(channels.node().subscriber.unsubscribe(channels.owner, KIND, _ -> true));

        // Then
        assertThat(left).containsExactlyInAnyOrder("a", "c");
        assertThat(names()).isEmpty();
    }

    @Test
    void subscriptionsOfAFormerOwner_areRemoved_whenTheNextOneSubscribes() {
        // Given
        var node = channels.node();
        List.of("a", "b", "c").forEach(name -> subscribed(node, name));
        channels.owner = SimulatedChannels.device(2);

        // When
        var found = node.subscriber.find(channels.owner, KIND);
        var first = subscribed(node, "b");

        // Then
        assertThat(found).isEmpty();
        assertThat(first.isNew()).isTrue();
        assertThat(names()).containsExactly("b");
        assertThat(channels.log.stream()
                        .filter(written -> written.subscription().isEmpty())
                        .map(written -> written.key().name()))
                .containsExactlyInAnyOrder("a", "c");
    }

    /** Another node has decided to remove it, and writes the tombstone after the broken one has subscribed again. */
    @Test
    void brokenOne_thatSubscribesAgain_whileItsPlaceIsTaken_stays() {
        // Given
        var node = channels.node();
        var broken = subscribed(node, "a").channel().subscription();
        subscribed(node, "b");
        subscribed(node, "c");
        breakOne(broken, 0);
        var taking = subscribe(channels.node(), "d");
        channels.runNext(3);
        var tombstone = channels.due.remove();
        var again = subscribed(channels.node(), "a").channel().subscription();

        // When
        tombstone.run();
        channels.runAll(taking);

        // Then
        assertThat(channels.inForce()).containsValue(again);
        assertThat(names()).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    /** One more than the limit, on two nodes: whichever are confirmed stay. */
    @Test
    void concurrentOnes_mayExceedTheLimit_andNoneIsLost() {
        for (long seed = 0; seed < 200; seed++) {
            // Given
            channels = new SimulatedChannels(seed);
            var nodes = List.of(channels.node(), channels.node());

            // When
            var asked = IntStream.rangeClosed(0, LIMIT)
                    .mapToObj(index -> subscribe(nodes.get(index % 2), "token-" + index))
                    .toList();
            runInAnyOrder();

            // Then
            assertThat(names())
                    .as("seed %d", seed)
                    .hasSizeGreaterThanOrEqualTo(LIMIT)
                    .containsExactlyInAnyOrderElementsOf(asked.stream()
                            .filter(one -> !one.isCompletedExceptionally())
                            .map(one -> one.join().channel().subscription().getName())
                            .toList());
        }
    }

    /**
     * Tokens are registered, break and are registered again, on three nodes in any order. One that was confirmed to a request
     * that was made after its last break is in force.
     */
    @Test
    void confirmedSubscription_staysUntilItIsBroken() {
        for (long seed = 0; seed < 1_000; seed++) {
            // Given
            channels = new SimulatedChannels(seed);
            var random = channels.random;
            var nodes = List.of(channels.node(), channels.node(), channels.node());
            var confirmed = new HashMap<String, ChannelSubscription>();
            var breaks = new HashMap<String, Integer>();
            var asked = new ArrayList<CompletableFuture<?>>();

            // When
            for (int step = 0; step < 30; step++) {
                var name = "token-" + random.nextInt(6);
                if (confirmed.containsKey(name) && random.nextInt(2) == 0) {
                    breakOne(confirmed.remove(name), step);
                    breaks.merge(name, 1, Integer::sum);
                } else {
                    var before = breaks.get(name);
                    asked.add(subscribe(nodes.get(random.nextInt(3)), name).thenAccept(result -> {
                        if (Objects.equals(breaks.get(name), before)) {
                            confirmed.put(name, result.channel().subscription());
                        }
                    }));
                }
                for (int left = random.nextInt(8); left > 0 && !channels.due.isEmpty(); left--) {
                    channels.runAny();
                }
            }
            runInAnyOrder();

            // Then
            assertThat(asked).as("seed %d", seed).allMatch(CompletableFuture::isDone);
            assertThat(names()).as("seed %d", seed).containsAll(confirmed.keySet());
        }
    }

    private CompletableFuture<ChannelSubscriber.SubscribeResult> subscribe(Node node, String name) {
        return node.subscriber.subscribe(channels.owner, KIND, new ChannelSettings(name, Map.of()));
    }

    private ChannelSubscriber.SubscribeResult subscribed(Node node, String name) {
        return channels.runAll(subscribe(node, name));
    }

    private void breakOne(ChannelSubscription subscription, int minutes) {
        channels.state(subscription, "broken", 0, SimulatedChannels.NOW.plusSeconds(60L * minutes));
    }

    private void runInAnyOrder() {
        while (!channels.due.isEmpty()) {
            channels.runAny();
        }
    }

    private Set<String> names() {
        var names = new HashSet<String>();
        for (ChannelKey key : channels.inForce().keySet()) {
            names.add(key.name());
        }
        return names;
    }
}
