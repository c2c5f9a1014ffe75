package dev.ncwrelay.channel.forward;

import static java.util.concurrent.CompletableFuture.runAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.channel.forward.Progress.Active;
import dev.ncwrelay.channel.forward.Progress.Behind;
import dev.ncwrelay.channel.subscription.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a slice leaves behind when it ends, and when its partition is given up. */
class SliceTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final SimulatedChannel channel = new SimulatedChannel(new Random(1), 0);
    private final SimulatedPartition partition = new SimulatedPartition(channel);

    @Test
    void slicesThatEnd_leaveStoringToTheNextPass() {
        // Given
        var first = beginSlice("first");
        var second = beginSlice("second");

        // When
        partition.failStore(true);
        partition.sendAll();

        // Then
        assertThat(channel.received(first)).containsExactly(0L);
        assertThat(channel.received(second)).containsExactly(1L);
        partition.catchUp();
        assertThat(partition.stored("first")).hasValueSatisfying(SliceTest::isBehind);
        partition.failStore(false);
        partition.catchUp();
        assertThat(partition.stored("first")).hasValueSatisfying(SliceTest::isActive);
        assertThat(partition.stored("second")).hasValueSatisfying(SliceTest::isActive);
        assertThat(channel.received(first)).containsExactly(0L);
    }

    @Test
    void partitionThatIsGivenUp_storesWhatItsSlicesHaveSent() {
        var subscription = beginSlice("device");
        partition.sendAll();

        partition.close();

        assertThat(partition.stored("device")).hasValueSatisfying(SliceTest::isActive);
        partition.restart();
        serve();
        assertThat(channel.received(subscription)).containsExactly(0L);
    }

    @Test
    void partitionThatIsGivenUp_endsAlso_whenNothingCanBeStored_andItsEventsAreSentAgain() {
        // Given
        var subscription = beginSlice("device");
        partition.sendAll();
        partition.failStore(true);

        // When
        partition.close();

        // Then
        partition.failStore(false);
        partition.restart();
        serve();
        assertThat(channel.received(subscription)).containsExactly(0L, 0L);
    }

    @Test
    void partitionThatIsBeingGivenUp_beginsNoSlice() {
        partition.subscribe("device");
        publish("device");
        partition.stop();

        partition.catchUp();

        assertThat(partition.slices()).isZero();
    }

    @Test
    void sliceOfAPartitionThatIsBeingGivenUp_sendsNoMore() {
        // Given
        var subscription = partition.subscribe("device");
        publish("device", "device", "device");
        partition.catchUp();

        // When
        channel.meanwhile(partition::stop);
        partition.sendAll();
        channel.meanwhile(() -> {});

        // Then
        assertThat(channel.received(subscription)).containsExactly(0L);
        partition.close();
        partition.restart();
        serve();
        assertThat(channel.received(subscription)).containsExactly(0L, 1L, 2L);
    }

    @Test
    void subscriptionsOfAPartitionThatIsGivenUp_areForgotten() {
        var behind = beginSlice("behind");
        var active = beginSlice("active");
        partition.send(1);
        partition.stop();
        partition.sendAll();

        partition.close();

        assertThat(channel.forgotten()).containsExactlyInAnyOrder(behind.id(), active.id());
    }

    /** It would lose an event that is held back, if this instance ended before the slice. */
    @Test
    void stateThatAnEarlierOwnerStoresLate_isReplaced_whileASliceIsOnItsWay() {
        var subscription = beginSlice("device");

        partition.overwrite(new Active(subscription, 1, Instant.EPOCH));
        partition.catchUp();

        assertThat(partition.slices()).isEqualTo(1);
        assertThat(partition.stored("device")).hasValueSatisfying(SliceTest::isBehind);
    }

    @Test
    void partOfTheLogWithoutEventsOfASubscription_isPassedAtOnce() {
        // Given
        partition.subscribe("quiet");
        publish("other", "other", "other", "other", "quiet");

        // When
        boolean more = partition.catchUp();

        // Then
        assertThat(more).isTrue();
        assertThat(partition.slices()).isZero();
        assertThat(partition.stored("quiet"))
                .hasValueSatisfying(progress -> assertThat(progress.next()).isEqualTo(3));
        partition.catchUp();
        assertThat(partition.slices()).isEqualTo(1);
    }

    /** Otherwise one that is behind falls further behind, as long as events arrive without a pause. */
    @Test
    void slice_isSent_whileTheConsumerWaitsForAChannel() {
        // Given
        var sick = new SickChannel(channel, "sick");
        var partition = new SimulatedPartition(sick);
        partition.subscribe("sick");
        partition.catchUp();
        partition.catchUp();
        var behind = partition.subscribe("behind");
        partition.append("behind");
        partition.append("behind");
        partition.forward(2);
        partition.catchUp();
        partition.append("sick");
        sick.answerNothing();

        // When
        var consumer = runAsync(() -> partition.forward(1), SliceTest::start);
        await().atMost(SOON).until(sick::isWaiting);
        var slice = runAsync(partition::sendAll, SliceTest::start);

        // Then
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(channel.received(behind)).containsExactly(0L, 1L));
        assertThat(sick.isWaiting()).isTrue();
        sick.recover();
        assertThat(consumer).succeedsWithin(SOON);
        assertThat(slice).succeedsWithin(SOON);
    }

    private Subscription beginSlice(String device) {
        int before = partition.slices();
        var subscription = partition.subscribe(device);
        publish(device);
        partition.catchUp();
        assertThat(partition.slices()).isEqualTo(before + 1);
        return subscription;
    }

    private void publish(String... devices) {
        for (var device : devices) {
            partition.append(device);
        }
        partition.forward(devices.length);
    }

    private void serve() {
        for (int i = 0; i < 5; i++) {
            partition.pass(Duration.ofMillis(1));
            partition.forward(10);
            partition.catchUp();
            partition.sendAll();
        }
    }

    private static void start(Runnable task) {
        var _ = Thread.ofVirtual().start(task);
    }

    private static void isActive(Progress progress) {
        assertThat(progress).isInstanceOf(Active.class);
    }

    private static void isBehind(Progress progress) {
        assertThat(progress).isInstanceOf(Behind.class);
    }
}
