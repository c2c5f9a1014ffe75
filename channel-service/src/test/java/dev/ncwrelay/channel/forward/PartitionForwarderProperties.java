package dev.ncwrelay.channel.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.channel.subscription.Subscription;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random events, subscriptions, refusals, failures and restarts. */
class PartitionForwarderProperties {

    private static final List<String> DEVICES = List.of("a", "b", "c");
    private static final int STEPS = 150;

    @Property(tries = 300)
    void forwarding_losesNothing_andKeepsTheOrderOfEachDevice(@ForAll long seed) {
        var random = new Random(seed);
        var channel = new SimulatedChannel(random, random.nextDouble() * 0.6);
        var partition = new SimulatedPartition(channel);
        var subscribed = new HashMap<String, Subscription>();
        var blocked = random.nextInt(3) == 0 ? DEVICES.getLast() : "none";

        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(20)) {
                case 0 -> partition.restart();
                case 1 -> partition.handOver();
                case 2, 3, 4, 5 -> send(random, channel, partition, subscribed);
                default -> happen(random, partition, subscribed);
            }
            if (step == STEPS / 2) {
                channel.block(blocked);
            }
            subscribed.forEach((name, subscription) -> assertOrder(channel, partition, name, subscription));
        }
        DEVICES.forEach(device -> partition.lapse(device, false));
        channel.recover();
        partition.failStore(false);
        for (int step = 0; step < 2 * STEPS; step++) {
            partition.pass(Duration.ofMinutes(2));
            partition.forward(STEPS);
            partition.catchUp();
            partition.sendAll();
        }

        for (var device : DEVICES) {
            if (device.equals(blocked)) {
                continue;
            }
            if (subscribed.containsKey(device)) {
                assertThat(channel.received(subscribed.get(device)).stream()
                                .distinct()
                                .toList())
                        .isEqualTo(expected(partition, device, subscribed.get(device)));
                assertThat(channel.open(device))
                        .containsExactly(subscribed.get(device).id());
            } else {
                assertThat(channel.open(device)).isEmpty();
                assertThat(partition.stored(device)).isEmpty();
            }
        }
    }

    /** What happens at any time, also while a slice is being sent. */
    private static void happen(Random random, SimulatedPartition partition, Map<String, Subscription> subscribed) {
        var device = DEVICES.get(random.nextInt(DEVICES.size()));
        switch (random.nextInt(14)) {
            case 0 -> subscribed.put(device, partition.subscribe(device));
            case 1 -> {
                partition.unsubscribe(device);
                subscribed.remove(device);
            }
            case 2 -> partition.pass(Duration.ofSeconds(random.nextInt(90)));
            case 3, 4 -> partition.catchUp();
            case 5, 6 -> partition.forward(random.nextInt(6));
            case 7 -> partition.lapse(device, true);
            case 8 -> partition.lapse(device, false);
            case 9 -> partition.failStore(random.nextInt(3) == 0);
            default -> partition.append(device);
        }
    }

    /** One of the slices that were begun, and more happens before and after each of its rounds. */
    private static void send(
            Random random,
            SimulatedChannel channel,
            SimulatedPartition partition,
            Map<String, Subscription> subscribed) {
        if (partition.slices() == 0) {
            return;
        }
        channel.meanwhile(() -> {
            for (int i = random.nextInt(4); i > 0; i--) {
                happen(random, partition, subscribed);
            }
        });
        partition.send(random.nextInt(partition.slices()));
        channel.meanwhile(() -> {});
    }

    /** Without repetitions, what was received is a beginning of what must be: nothing is left out or overtaken. */
    private static void assertOrder(
            SimulatedChannel channel, SimulatedPartition partition, String device, Subscription subscription) {
        var expected = expected(partition, device, subscription);
        var first = channel.received(subscription).stream().distinct().toList();
        assertThat(first).isEqualTo(expected.subList(0, Math.min(first.size(), expected.size())));
    }

    private static List<Long> expected(SimulatedPartition partition, String device, Subscription subscription) {
        return partition.log().stream()
                .filter(event -> event.deviceId().equals(device) && event.offset() >= subscription.eventsFrom())
                .map(ReadEvent::offset)
                .toList();
    }
}
