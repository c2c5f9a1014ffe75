package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.rabbitmq.LocalRabbitMq;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances and a broker, of which one each is killed while events arrive. */
@Tag("kafka")
@Tag("brokers")
class RabbitKillTest {

    private static final Duration SOON = Duration.ofMinutes(3);
    private static final int DEVICES = 500;
    private static final int EVENTS = 20;

    @TempDir
    private Path folder;

    @Test
    void killedInstanceAndKilledBroker_loseNothing_andKeepTheOrderOfEachDevice() throws Exception {
        assumeTrue(LocalRabbitMq.isInstalled(), "RabbitMQ is not installed: apt-get install rabbitmq-server");
        try (var fireblocks = FakeFireblocks.start();
                var rabbit = LocalRabbitMq.start(null);
                var kafka = new KafkaDevices();
                var first = ChannelProcess.begin(fireblocks, rabbit, folder);
                var second = ChannelProcess.begin(fireblocks, rabbit, folder)) {
            // Given
            first.awaitReady();
            second.awaitReady();
            var devices = IntStream.range(0, DEVICES)
                    .mapToObj(_ -> kafka.register("alice"))
                    .toList();
            devices.forEach(device -> kafka.subscribe(device, 1));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(devices)
                            .allSatisfy(device -> assertThat(kafka.state(device))
                                    .hasValueSatisfying(state ->
                                            assertThat(state.getState()).isEqualTo("active"))));

            // When
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
                    first.kill();
                }
                if (round == EVENTS / 2) {
                    rabbit.kill();
                    rabbit.restart();
                }
            }
            assertThat(sent).allSatisfy(event -> assertThat(event).succeedsWithin(SOON));

            // Then
            try (var client = RabbitClient.connect(rabbit, LocalRabbitMq.USER, LocalRabbitMq.PASSWORD)) {
                for (var device : devices) {
                    client.consume(kafka.queue(device));
                }
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(client.idsByDevice().equals(published))
                                .as(
                                        "%d of %d messages received",
                                        client.received().size(), DEVICES * EVENTS)
                                .isTrue());
                System.out.printf(
                        "rabbitmq: %d messages, %d of them twice%n",
                        DEVICES * EVENTS, client.received().size() - DEVICES * EVENTS);
            }
        }
    }
}
