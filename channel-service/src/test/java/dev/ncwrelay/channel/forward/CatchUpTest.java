package dev.ncwrelay.channel.forward;

import static java.util.concurrent.CompletableFuture.runAsync;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.channel.forward.Progress.Behind;
import dev.ncwrelay.channel.subscription.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CatchUpTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final SimulatedChannel channel = new SimulatedChannel(new Random(1), 0);
    private final SickChannel sick = new SickChannel(channel, "sick");

    /** As a topic whose partition has no leader, of which Kafka's producer tells after 8 seconds. */
    @Test
    void channelThatDoesNotAnswer_delaysNoOther() {
        // Given
        var partition = new SimulatedPartition(sick, task -> Thread.ofVirtual().start(task));
        var held = partition.subscribe("sick");
        var active = partition.subscribe("active");
        catchUp(partition);
        sick.refuse();
        publish(partition, "sick");
        sick.answerNothing();
        partition.pass(Duration.ofMinutes(2));

        // When
        catchUp(partition);
        await().atMost(SOON).until(sick::isWaiting);

        // Then
        var behind = partition.subscribe("behind");
        publish(partition, "behind");
        publish(partition, "active");
        assertThat(channel.received(active)).containsExactly(2L);
        await().atMost(SOON).untilAsserted(() -> {
            catchUp(partition);
            assertThat(channel.received(behind)).containsExactly(1L);
        });
        assertThat(channel.received(held)).isEmpty();
        sick.recover();
        await().atMost(SOON).untilAsserted(() -> {
            partition.pass(Duration.ofMinutes(2));
            catchUp(partition);
            assertThat(channel.received(held)).containsExactly(0L);
        });
    }

    @Test
    void partitionThatIsGivenUp_isClosedWhenNothingIsOnItsWay() {
        // Given
        var partition = new SimulatedPartition(sick, task -> Thread.ofVirtual().start(task));
        partition.subscribe("sick");
        publish(partition, "sick");
        sick.answerNothing();
        catchUp(partition);
        await().atMost(SOON).until(sick::isWaiting);

        // When
        var waitingWhenClosed = supplyAsync(() -> {
            partition.close();
            return sick.isWaiting();
        });
        sick.recover();

        // Then
        assertThat(waitingWhenClosed).succeedsWithin(SOON).isEqualTo(false);
    }

    @Test
    void subscriptionThatIsFarBehind_delaysNoOther() {
        // Given
        var partition = new SimulatedPartition(channel);
        var far = partition.subscribe("far");
        publish(partition, IntStream.range(0, 300).mapToObj(_ -> "far").toArray(String[]::new));
        var near = partition.subscribe("near");
        publish(partition, "near", "near");

        // When
        for (int i = 0; i < 4; i++) {
            serve(partition);
        }

        // Then
        assertThat(channel.received(near)).containsExactly(300L, 301L);
        assertThat(channel.received(far)).hasSizeLessThan(20);
        for (int i = 0; i < 200; i++) {
            serve(partition);
        }
        assertThat(channel.received(far))
                .containsExactlyElementsOf(LongStream.range(0, 300).boxed().toList());
    }

    @Test
    void subscriptionsThatAreFarBehind_areServedInTurns() {
        // Given
        var partition = new SimulatedPartition(channel);
        var all = new ArrayList<Subscription>();
        for (int i = 0; i < 10; i++) {
            all.add(partition.subscribe("device-" + i));
            publish(partition, ("device-" + i + " ").repeat(30).split(" "));
        }

        // When
        for (int i = 0; i < 40; i++) {
            serve(partition);
        }

        // Then
        assertThat(all)
                .allSatisfy(subscription ->
                        assertThat(channel.received(subscription)).hasSizeGreaterThan(4));
    }

    @Test
    void subscription_isInOneSliceAtATime() {
        var partition = new SimulatedPartition(channel);
        partition.subscribe("device");
        publish(partition, "device");

        partition.catchUp();
        partition.catchUp();

        assertThat(partition.slices()).isEqualTo(1);
    }

    /** Otherwise what is on its way would get into a channel that was removed and opened again, before what is first. */
    @Test
    void channelOfASubscriptionThatLapses_staysUntilNothingIsOnItsWay() {
        // Given
        var partition = new SimulatedPartition(channel);
        var subscription = partition.subscribe("device");
        publish(partition, "device", "device");
        partition.catchUp();
        var calls = new AtomicInteger();

        // When
        channel.meanwhile(() -> {
            // Before and after each event.
            if (calls.incrementAndGet() == 3) {
                partition.lapse("device", true);
                partition.catchUp();
                partition.lapse("device", false);
                partition.catchUp();
            }
        });
        partition.sendAll();

        // Then
        for (int i = 0; i < 5; i++) {
            serve(partition);
        }
        assertThat(channel.received(subscription).stream().distinct()).containsExactly(0L, 1L);
    }

    @Test
    void eventOfAFormerSubscription_changesNothingOfTheNextOne() {
        // Given
        var partition = new SimulatedPartition(channel);
        partition.subscribe("device");
        publish(partition, "device");
        partition.catchUp();
        var next = new ArrayList<Subscription>();

        // When
        channel.meanwhile(() -> {
            if (next.isEmpty()) {
                next.add(partition.subscribe("device"));
                partition.append("device");
                partition.forward(1);
            }
        });
        partition.sendAll();

        // Then
        for (int i = 0; i < 5; i++) {
            serve(partition);
        }
        assertThat(channel.received(next.getFirst())).containsExactly(1L);
        assertThat(channel.open("device")).containsExactly(next.getFirst().id());
    }

    @Test
    void manyChannels_areOpenedAndClosedInParts() {
        // Given
        var partition = new SimulatedPartition(channel);
        var devices = IntStream.range(0, 20).mapToObj(i -> "device-" + i).toList();
        devices.forEach(partition::subscribe);
        channel.whenOpenedOrClosed(() -> partition.pass(Duration.ofMillis(400)));

        // When
        boolean moreToOpen = partition.catchUp();

        // Then
        assertThat(moreToOpen).isTrue();
        assertThat(open(devices)).isBetween(1L, 5L);
        for (int i = 0; i < devices.size(); i++) {
            serve(partition);
        }
        assertThat(open(devices)).isEqualTo(devices.size());
        devices.forEach(partition::unsubscribe);
        assertThat(partition.catchUp()).isTrue();
        assertThat(open(devices)).isBetween(15L, 19L);
        for (int i = 0; i < devices.size(); i++) {
            serve(partition);
        }
        assertThat(open(devices)).isZero();
    }

    @Test
    void subscriptionThatLapses_andWhoseStateCannotBeRemoved_isOpenedAgain() {
        // Given
        var partition = new SimulatedPartition(channel);
        var subscription = partition.subscribe("device");
        serve(partition);
        partition.failRemove(true);
        partition.lapse("device", true);
        partition.catchUp();

        // When
        partition.lapse("device", false);
        publish(partition, "device");

        // Then
        serve(partition);
        assertThat(channel.received(subscription)).containsExactly(0L);
    }

    @Test
    void channelThatCannotBeOpened_isPendingWithAReason() {
        var partition = new SimulatedPartition(channel);
        channel.block("device");
        partition.subscribe("device");

        serve(partition);

        assertThat(partition.stored("device"))
                .hasValueSatisfying(progress -> assertThat(progress).isInstanceOfSatisfying(Behind.class, behind -> {
                    assertThat(behind.open()).isFalse();
                    assertThat(behind.refusal()).contains("could not be made ready");
                }));
    }

    private long open(List<String> devices) {
        return devices.stream()
                .filter(device -> !channel.open(device).isEmpty())
                .count();
    }

    private static void serve(SimulatedPartition partition) {
        partition.pass(Duration.ofMillis(1));
        partition.catchUp();
        partition.sendAll();
    }

    /** In a thread of its own, as it would be. */
    private static void catchUp(SimulatedPartition partition) {
        assertThat(runAsync(partition::catchUp)).succeedsWithin(SOON);
    }

    private static void publish(SimulatedPartition partition, String... devices) {
        for (var device : devices) {
            partition.append(device);
        }
        assertThat(runAsync(() -> partition.forward(devices.length))).succeedsWithin(SOON);
    }
}
