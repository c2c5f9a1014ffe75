package dev.ncwrelay.delivery.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.registry.SubscribedChannel;
import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Nodes that change one subscription concurrently, on one topic that each reads at its own speed. */
class ChannelSubscriberTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final ChannelKey KEY = new ChannelKey("device", "rabbitmq", "");
    private static final int GENERATION = 7;

    /** The records of the topic; empty for a tombstone. */
    private final List<Optional<ChannelSubscription>> log = new ArrayList<>();

    private final Map<String, ChannelState> states = new HashMap<>();
    private final ArrayDeque<Runnable> due = new ArrayDeque<>();
    private final Random random = new Random(7);
    private long events = 100;
    private RegisteredDevice owner = device(1);

    @Test
    void concurrentSubscriptions_leaveOutNoEventThatFollowsAConfirmedOne() {
        for (long seed = 0; seed < 500; seed++) {
            // Given
            log.clear();
            states.clear();
            random.setSeed(seed);
            var nodes = List.of(new Node(), new Node(), new Node());
            var confirmedAt = new ArrayList<Long>();
            var asked = new ArrayList<CompletableFuture<ChannelSubscriber.SubscribeResult>>();

            // When
            for (int step = 0; step < 12; step++) {
                events++;
                var subscribing = nodes.get(random.nextInt(nodes.size())).subscribe();
                asked.add(subscribing);
                var _ = subscribing.thenAccept(_ -> confirmedAt.add(events));
                for (int left = random.nextInt(12); left > 0 && !due.isEmpty(); left--) {
                    runAny();
                }
            }
            while (!due.isEmpty()) {
                runAny();
            }

            // Then
            assertThat(asked).as("seed %d", seed).allMatch(CompletableFuture::isDone);
            assertThat(confirmedAt).as("seed %d", seed).hasSize(12);
            long from = log.getLast().orElseThrow().getEventsFrom();
            assertThat(confirmedAt).as("seed %d", seed).allMatch(confirmed -> from <= confirmed);
        }
    }

    @Test
    void repeatedSubscription_writesNothing_alsoOnANodeThatIsBehind() {
        var behind = new Node();

        var first = runAll(new Node().subscribe());
        var again = runAll(behind.subscribe());

        assertThat(first.isNew()).isTrue();
        assertThat(again.isNew()).isFalse();
        assertThat(again.channel()).isEqualTo(first.channel());
        assertThat(log).hasSize(1);
    }

    @Test
    void brokenSubscription_beginsAnewWhereItEnded() {
        // Given
        var node = new Node();
        var broken = runAll(node.subscribe()).channel().subscription();
        events += 50;
        state(broken, "broken", 120);

        // When
        var again = runAll(node.subscribe());

        // Then
        assertThat(again.isNew()).isFalse();
        assertThat(again.channel().stateName()).isEqualTo("pending");
        assertThat(again.channel().subscription().getEventsFrom()).isEqualTo(120);
        assertThat(again.channel().subscription().getSubscriptionId()).isNotEqualTo(broken.getSubscriptionId());
    }

    @Test
    void newSubscription_beyondTheLimit_isRefused_andAPresentOneIsNot() {
        // Given
        var node = new Node();
        runAll(node.subscribe());
        var limit = OptionalInt.of(1);

        // When
        var other = node.subscribe(new ChannelKey("other", KEY.kind(), ""), limit);
        var again = node.subscribe(KEY, limit);
        while (!due.isEmpty()) {
            runAny();
        }

        // Then
        assertThat(other)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        FailureException.class,
                        refused -> assertThat(refused.failure())
                                .isEqualTo(new Failure.TooManySubscriptions(KEY.kind(), 1)));
        assertThat(again).isCompletedWithValueMatching(result -> !result.isNew());
        assertThat(log).hasSize(1);
    }

    @Test
    void unsubscribe_endsTheSubscription_alsoOnANodeThatIsBehind() {
        var behind = new Node();
        var node = new Node();
        runAll(node.subscribe());

        runAll(behind.unsubscribe());

        assertThat(behind.subscriber.find(owner, KEY)).isEmpty();
        assertThat(log).hasSize(2);
        assertThat(log.getLast()).isEmpty();
    }

    @Test
    void unsubscribe_withoutASubscription_writesNothing() {
        var node = new Node();

        runAll(node.unsubscribe());

        assertThat(log).isEmpty();
    }

    @Test
    void subscriptionOfAFormerOwner_countsAsNone_andIsReplaced() {
        // Given
        var node = new Node();
        runAll(node.subscribe());
        var former = log.getLast().orElseThrow();
        owner = device(2);

        // When
        runAll(node.unsubscribe());
        var found = node.subscriber.find(owner, KEY);
        var subscribed = runAll(node.subscribe());

        // Then
        assertThat(found).isEmpty();
        assertThat(subscribed.isNew()).isTrue();
        assertThat(log).hasSize(2);
        assertThat(log.getLast().orElseThrow().getEpoch()).isEqualTo(2);
        assertThat(log.getLast().orElseThrow().getSubscriptionId()).isNotEqualTo(former.getSubscriptionId());
    }

    @Test
    void formerOwner_thatWritesLate_doesNotEndThePresentOwnersSubscription() {
        // Given
        var late = new Node().subscribe();
        runNext(3);
        var lateWrite = due.remove();
        owner = device(2);
        var present = runAll(new Node().subscribe()).channel().subscription();

        // When
        lateWrite.run();

        // Then
        assertThatThrownBy(() -> runAll(late))
                .satisfies(failure ->
                        assertThat(FailureException.of(failure)).containsInstanceOf(Failure.Unavailable.class));
        assertThat(log).hasSize(3);
        assertThat(log.getLast()).contains(present);
    }

    @Test
    void changeOfADeviceThatChangedItsOwner_isRefused() {
        var node = new Node();
        var asking = node.subscribe();
        owner = device(2);

        assertThatThrownBy(() -> runAll(asking))
                .satisfies(failure ->
                        assertThat(FailureException.of(failure)).containsInstanceOf(Failure.Unavailable.class));
        assertThat(log).isEmpty();
    }

    private void state(ChannelSubscription of, String state, long resumeFrom) {
        states.put(
                of.getSubscriptionId(),
                new ChannelState(
                        of.getDeviceId(),
                        of.getKind(),
                        of.getName(),
                        of.getSubscriptionId(),
                        state,
                        GENERATION,
                        resumeFrom,
                        null,
                        NOW,
                        "writer"));
    }

    private void runAny() {
        var ready = new ArrayList<>(due);
        var one = ready.get(random.nextInt(ready.size()));
        due.remove(one);
        one.run();
    }

    private void runNext(int steps) {
        for (int step = 0; step < steps; step++) {
            due.remove().run();
        }
    }

    /** In the order in which all became due. */
    private <T> T runAll(CompletableFuture<T> asked) {
        while (!due.isEmpty()) {
            due.remove().run();
        }
        return asked.join();
    }

    private static RegisteredDevice device(long epoch) {
        return new RegisteredDevice("device", "wallet", "user-" + epoch, null, NOW, NOW, epoch, -1, null);
    }

    /** A node: what it has read of the topic, and what writes to it. */
    private final class Node implements ChannelSubscriber.SubscriptionStore, ChannelSubscriber.EndOffsetSource {

        private final Map<ChannelKey, ChannelSubscription> known = new HashMap<>();
        private final ChannelSubscriber subscriber =
                new ChannelSubscriber(this, this, () -> GENERATION, CLOCK, due::add);
        private int read;

        CompletableFuture<ChannelSubscriber.SubscribeResult> subscribe() {
            return subscribe(KEY, OptionalInt.empty());
        }

        CompletableFuture<ChannelSubscriber.SubscribeResult> subscribe(ChannelKey key, OptionalInt limit) {
            return subscriber.subscribe(owner, key, Map.of(), limit);
        }

        CompletableFuture<Void> unsubscribe() {
            return subscriber.unsubscribe(owner, KEY);
        }

        @Override
        public CompletableFuture<Long> ofEvents(int partition) {
            var coming = new CompletableFuture<Long>();
            due.add(() -> coming.complete(events));
            return coming;
        }

        @Override
        public CompletableFuture<Long> ofSubscriptions(int partition) {
            var coming = new CompletableFuture<Long>();
            due.add(() -> coming.complete((long) log.size()));
            return coming;
        }

        @Override
        public int partitionOf(String deviceId) {
            return 0;
        }

        @Override
        public boolean readUpTo(int partition, long end) {
            // It may have read further than required.
            int upTo = (int) end + random.nextInt((int) (log.size() - end) + 1);
            while (read < upTo) {
                var next = log.get(read++);
                if (next.isEmpty()) {
                    known.remove(KEY);
                } else if (next.get().getEpoch()
                        >= Optional.ofNullable(known.get(KEY))
                                .map(ChannelSubscription::getEpoch)
                                .orElse(0L)) {
                    known.put(KEY, next.get());
                }
            }
            return true;
        }

        @Override
        public Optional<SubscribedChannel> find(ChannelKey key) {
            return Optional.ofNullable(known.get(key))
                    .map(found -> new SubscribedChannel(found, states.get(found.getSubscriptionId())));
        }

        @Override
        public boolean isOwned(RegisteredDevice device) {
            return device.isSameOwnership(owner);
        }

        @Override
        public long countOf(String kind) {
            return known.keySet().stream()
                    .filter(key -> key.kind().equals(kind))
                    .count();
        }

        @Override
        public CompletableFuture<Long> write(ChannelSubscription subscription) {
            return append(Optional.of(subscription));
        }

        @Override
        public CompletableFuture<Long> remove(ChannelKey key) {
            return append(Optional.empty());
        }

        private CompletableFuture<Long> append(Optional<ChannelSubscription> next) {
            var coming = new CompletableFuture<Long>();
            due.add(() -> {
                log.add(next);
                coming.complete(log.size() - 1L);
            });
            return coming;
        }
    }
}
