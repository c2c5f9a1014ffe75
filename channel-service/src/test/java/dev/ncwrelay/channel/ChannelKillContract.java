package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances and a broker of a kind of channel, of which one each is killed while events arrive. */
@Tag("kafka")
@Tag("brokers")
abstract class ChannelKillContract {

    private static final Duration SOON = Duration.ofMinutes(3);
    private static final int DEVICES = 500;
    private static final int EVENTS = 20;

    @TempDir
    private Path folder;

    /** What a client of a device received. */
    record Received(String device, String id) {}

    abstract String kind();

    /** Starts a broker. */
    abstract void startBroker();

    /** What an instance is started with. */
    abstract List<String> settings();

    /** Registers devices whose events are forwarded from now on. */
    List<String> prepare(int count, KafkaDevices kafka) {
        var devices =
                IntStream.range(0, count).mapToObj(_ -> kafka.register("alice")).toList();
        devices.forEach(device -> kafka.subscribe(device, 1));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(devices)
                        .filteredOn(device -> !isActive(device, kafka))
                        .isEmpty());
        return devices;
    }

    private static boolean isActive(String device, KafkaDevices kafka) {
        return kafka.state(device)
                .filter(state -> state.getState().equals("active"))
                .isPresent();
    }

    abstract void killBroker();

    abstract void restartBroker();

    abstract void stopBroker();

    /** Begins to read what was forwarded for these devices, each from its beginning. */
    abstract void read(List<String> devices, KafkaDevices kafka) throws Exception;

    /** What was read up to now, in order. */
    abstract List<Received> received();

    @Test
    void killedInstanceAndKilledBroker_loseNothing_andKeepTheOrderOfEachDevice() throws Exception {
        startBroker();
        try (var fireblocks = FakeFireblocks.start();
                var kafka = new KafkaDevices(SharedStack.get().connection(), kind());
                var first = ChannelProcess.begin(fireblocks, settings(), folder);
                var second = ChannelProcess.begin(fireblocks, settings(), folder)) {
            // Given
            first.awaitReady(kind());
            second.awaitReady(kind());
            var devices = prepare(DEVICES, kafka);

            // When
            var published = publish(devices, kafka, first);

            // Then
            read(devices, kafka);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(idsByDevice().equals(published))
                            .as("%d of %d messages received", received().size(), DEVICES * EVENTS)
                            .isTrue());
            System.out.printf(
                    "%s: %d messages, %d of them twice%n",
                    kind(), DEVICES * EVENTS, received().size() - DEVICES * EVENTS);
        } finally {
            stopBroker();
        }
    }

    /** Publishes in rounds, and kills the instance and the broker meanwhile. */
    private Map<String, List<String>> publish(List<String> devices, KafkaDevices kafka, ChannelProcess instance)
            throws InterruptedException {
        var published = new HashMap<String, List<String>>();
        var sent = new ArrayList<CompletableFuture<?>>();
        for (int round = 0; round < EVENTS; round++) {
            for (var device : devices) {
                var id = device + "-" + round;
                published.computeIfAbsent(device, _ -> new ArrayList<>()).add(id);
                sent.add(kafka.publish(device, id, "{}"));
            }
            assertThat(sent.getLast()).succeedsWithin(SOON);
            if (round == EVENTS / 3) {
                instance.kill();
            }
            if (round == EVENTS / 2) {
                killBroker();
                restartBroker();
            }
        }
        assertThat(sent).allSatisfy(event -> assertThat(event).succeedsWithin(SOON));
        return published;
    }

    /** The ids that each device has received, in order, each once. */
    private Map<String, List<String>> idsByDevice() {
        var ids = new HashMap<String, LinkedHashSet<String>>();
        received()
                .forEach(message -> ids.computeIfAbsent(message.device(), _ -> new LinkedHashSet<>())
                        .add(message.id()));
        var lists = new HashMap<String, List<String>>();
        ids.forEach((device, unique) -> lists.put(device, List.copyOf(unique)));
        return lists;
    }
}
