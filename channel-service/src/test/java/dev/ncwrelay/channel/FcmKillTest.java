package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.fcm.FakeFcm;
import dev.ncwrelay.testkit.fcm.SentMessage;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An instance that is killed while 2,000 devices are to be woken, and the one that is started after it. */
@Tag("kafka")
@Tag("brokers")
class FcmKillTest {

    private static final Duration SOON = Duration.ofMinutes(3);
    private static final int DEVICES = 2_000;

    @TempDir
    private Path folder;

    @Test
    void killedInstance_losesNoWakeUp_andNoDeviceIsWokenMoreThanTwice() throws Exception {
        try (var fireblocks = FakeFireblocks.start();
                var fcm = FakeFcm.start();
                var devices = new FcmDevices()) {
            // Given
            var settings = new ArrayList<>(FcmFlowTest.fcm(fcm, fcm.credentials(), folder));
            settings.add("--relay.channel.fcm.interval=30m");
            settings.add("--relay.channel.fcm.group=" + UUID.randomUUID());
            int generation = devices.kafka().generation();
            var tokens = IntStream.range(0, DEVICES)
                    .mapToObj(_ -> devices.kafka().register("alice"))
                    .toList();
            var added = tokens.stream()
                    .map(device -> devices.adding(device, 1, device, Map.of(), 0, generation))
                    .toArray(CompletableFuture[]::new);
            assertThat(CompletableFuture.allOf(added)).succeedsWithin(SOON);
            try (var first = ChannelProcess.begin(fireblocks, settings, folder)) {
                first.awaitReady("fcm");
                publish(devices, tokens.subList(0, DEVICES / 2));
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(woken(fcm, tokens)).hasSizeGreaterThan(DEVICES / 4));
                // Not due before the instance is killed.
                publish(devices, tokens.subList(DEVICES / 2, DEVICES));

                // When
                first.kill();
            }
            int before = woken(fcm, tokens).size();
            try (var second = ChannelProcess.begin(fireblocks, settings, folder)) {
                second.awaitReady("fcm");

                // Then
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(woken(fcm, tokens)).hasSize(DEVICES));
                assertThat(woken(fcm, tokens).values()).allMatch(count -> count <= 2);
            }
            System.out.printf(
                    "fcm: %d devices woken, %d of them before the kill, %d twice%n",
                    DEVICES,
                    before,
                    woken(fcm, tokens).values().stream()
                            .filter(count -> count == 2)
                            .count());
        }
    }

    private static void publish(FcmDevices devices, List<String> tokens) {
        var published = tokens.stream()
                .map(device -> devices.kafka().publish(device, "event-1", "{}"))
                .toArray(CompletableFuture[]::new);
        assertThat(CompletableFuture.allOf(published)).succeedsWithin(SOON);
    }

    /** How many messages each of these tokens has accepted; other tests' devices are on the same Kafka. */
    private static Map<String, Long> woken(FakeFcm fcm, List<String> tokens) {
        var all = Set.copyOf(tokens);
        return fcm.messages().stream()
                .filter(message -> message.accepted() && all.contains(message.token()))
                .collect(Collectors.groupingBy(SentMessage::token, Collectors.counting()));
    }
}
