package dev.ncwrelay.delivery.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.delivery.channel.SimulatedChannels.Node;
import dev.ncwrelay.delivery.channel.SimulatedChannels.TestKind;
import dev.ncwrelay.delivery.channel.kind.ChannelSettings;
import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A kind of which a device has one subscription, which several nodes change concurrently. */
class ChannelSubscriberTest {

    private static final TestKind KIND = new TestKind("rabbitmq", OptionalInt.empty(), OptionalInt.empty());

    private SimulatedChannels channels = new SimulatedChannels(7);

    @Test
    void concurrentSubscriptions_leaveOutNoEventThatFollowsAConfirmedOne() {
        for (long seed = 0; seed < 500; seed++) {
            // Given
            channels = new SimulatedChannels(seed);
            var random = channels.random;
            var nodes = List.of(channels.node(), channels.node(), channels.node());
            var confirmedAt = new ArrayList<Long>();
            var asked = new ArrayList<CompletableFuture<ChannelSubscriber.SubscribeResult>>();

            // When
            for (int step = 0; step < 12; step++) {
                channels.events++;
                var subscribing = subscribe(nodes.get(random.nextInt(nodes.size())));
                asked.add(subscribing);
                var _ = subscribing.thenAccept(_ -> confirmedAt.add(channels.events));
                for (int left = random.nextInt(12); left > 0 && !channels.due.isEmpty(); left--) {
                    channels.runAny();
                }
            }
            while (!channels.due.isEmpty()) {
                channels.runAny();
            }

            // Then
            assertThat(asked).as("seed %d", seed).allMatch(CompletableFuture::isDone);
            assertThat(confirmedAt).as("seed %d", seed).hasSize(12);
            long from = channels.last().orElseThrow().getEventsFrom();
            assertThat(confirmedAt).as("seed %d", seed).allMatch(confirmed -> from <= confirmed);
        }
    }

    @Test
    void repeatedSubscription_writesNothing_alsoOnANodeThatIsBehind() {
        var behind = channels.node();

        var first = channels.runAll(subscribe(channels.node()));
        var again = channels.runAll(subscribe(behind));

        assertThat(first.isNew()).isTrue();
        assertThat(again.isNew()).isFalse();
        assertThat(again.channel()).isEqualTo(first.channel());
        assertThat(channels.log).hasSize(1);
    }

    @Test
    void brokenSubscription_beginsAnewWhereItEnded() {
        // Given
        var node = channels.node();
        var broken = channels.runAll(subscribe(node)).channel().subscription();
        channels.events += 50;
        channels.state(broken, "broken", 120, SimulatedChannels.NOW);

        // When
        var again = channels.runAll(subscribe(node));

        // Then
        assertThat(again.isNew()).isFalse();
        assertThat(again.channel().stateName()).isEqualTo("pending");
        assertThat(again.channel().subscription().getEventsFrom()).isEqualTo(120);
        assertThat(again.channel().subscription().getSubscriptionId()).isNotEqualTo(broken.getSubscriptionId());
    }

    @Test
    void newSubscription_beyondTheLimit_isRefused_andAPresentOneIsNot() {
        // Given
        var node = channels.node();
        channels.runAll(subscribe(node));
        var limited = new TestKind(KIND.name(), OptionalInt.of(1), OptionalInt.empty());

        // When
        var other = node.subscriber.subscribe(SimulatedChannels.device("other", 1), limited, ChannelSettings.none());
        var again = node.subscriber.subscribe(channels.owner, limited, ChannelSettings.none());
        channels.runAll();

        // Then
        assertThat(other)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        FailureException.class,
                        refused -> assertThat(refused.failure())
                                .isEqualTo(new Failure.TooManySubscriptions(KIND.name(), 1)));
        assertThat(again).isCompletedWithValueMatching(result -> !result.isNew());
        assertThat(channels.log).hasSize(1);
    }

    @Test
    void unsubscribe_endsTheSubscription_alsoOnANodeThatIsBehind() {
        var behind = channels.node();
        var node = channels.node();
        channels.runAll(subscribe(node));

        channels.runAll(unsubscribe(behind));

        assertThat(behind.subscriber.find(channels.owner, KIND)).isEmpty();
        assertThat(channels.log).hasSize(2);
        assertThat(channels.last()).isEmpty();
    }

    @Test
    void unsubscribe_withoutASubscription_writesNothing() {
        var node = channels.node();

        channels.runAll(unsubscribe(node));

        assertThat(channels.log).isEmpty();
    }

    @Test
    void subscriptionOfAFormerOwner_countsAsNone_andIsReplaced() {
        // Given
        var node = channels.node();
        channels.runAll(subscribe(node));
        var former = channels.last().orElseThrow();
        channels.owner = SimulatedChannels.device(2);

        // When
        channels.runAll(unsubscribe(node));
        var found = node.subscriber.find(channels.owner, KIND);
        var subscribed = channels.runAll(subscribe(node));

        // Then
        assertThat(found).isEmpty();
        assertThat(subscribed.isNew()).isTrue();
        assertThat(channels.log).hasSize(2);
        assertThat(channels.last().orElseThrow().getEpoch()).isEqualTo(2);
        assertThat(channels.last().orElseThrow().getSubscriptionId()).isNotEqualTo(former.getSubscriptionId());
    }

    @Test
    void formerOwner_thatWritesLate_doesNotEndThePresentOwnersSubscription() {
        // Given
        var late = subscribe(channels.node());
        channels.runNext(3);
        var lateWrite = channels.due.remove();
        channels.owner = SimulatedChannels.device(2);
        var present = channels.runAll(subscribe(channels.node())).channel().subscription();

        // When
        lateWrite.run();

        // Then
        assertThatThrownBy(() -> channels.runAll(late))
                .satisfies(failure ->
                        assertThat(FailureException.of(failure)).containsInstanceOf(Failure.Unavailable.class));
        assertThat(channels.log).hasSize(3);
        assertThat(channels.last()).contains(present);
    }

    @Test
    void formerOwner_thatUnsubscribesLate_doesNotEndThePresentOwnersSubscription() {
        // Given
        channels.runAll(subscribe(channels.node()));
        var late = unsubscribe(channels.node());
        channels.runNext(2);
        var lateTombstone = channels.due.remove();
        channels.owner = SimulatedChannels.device(2);
        var present = channels.runAll(subscribe(channels.node())).channel().subscription();

        // When
        lateTombstone.run();
        channels.runAll(late);

        // Then
        assertThat(channels.log).hasSize(4);
        assertThat(channels.last()).contains(present);
    }

    @Test
    void changeOfADeviceThatChangedItsOwner_isRefused() {
        var node = channels.node();
        var asking = subscribe(node);
        channels.owner = SimulatedChannels.device(2);

        assertThatThrownBy(() -> channels.runAll(asking))
                .satisfies(failure ->
                        assertThat(FailureException.of(failure)).containsInstanceOf(Failure.Unavailable.class));
        assertThat(channels.log).isEmpty();
    }

    private CompletableFuture<ChannelSubscriber.SubscribeResult> subscribe(Node node) {
        return node.subscriber.subscribe(channels.owner, KIND, ChannelSettings.none());
    }

    private CompletableFuture<Void> unsubscribe(Node node) {
        return node.subscriber.unsubscribe(channels.owner, KIND, _ -> true);
    }
}
