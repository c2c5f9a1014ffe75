package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.cursor.Cursor;
import dev.ncwrelay.cursor.CursorCheck;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.cursor.SigningKey;
import dev.ncwrelay.testkit.fcm.FakeFcm;
import dev.ncwrelay.testkit.fcm.FcmError;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service with Google's library and a simulated FCM. */
@Tag("kafka")
class FcmFlowTest {

    private static final Duration SOON = Duration.ofMinutes(1);

    @TempDir
    private static Path folder;

    private static FakeFireblocks fireblocks;
    private static FakeFcm fcm;
    private static FcmDevices devices;
    private static RunningChannel service;

    @BeforeAll
    static void start() throws IOException {
        fireblocks = FakeFireblocks.start();
        fcm = FakeFcm.start();
        devices = new FcmDevices();
        service = startService(fcm, "ncw-channel-fcm");
    }

    @AfterEach
    void recover() {
        fcm.recover();
    }

    @AfterAll
    static void stop() {
        service.close();
        devices.close();
        fcm.close();
        fireblocks.close();
    }

    private static RunningChannel startService(FakeFcm fcm, String group, String... settings) throws IOException {
        var all = new ArrayList<>(fcm(fcm, fcm.credentials(), folder));
        all.add("--relay.channel.fcm.group=" + group);
        all.add("--relay.channel.fcm.delay=100ms");
        all.add("--server.port=0");
        all.addAll(List.of(settings));
        return RunningChannel.begin(fireblocks, SharedStack.get().connection(), all.toArray(String[]::new))
                .awaitReady();
    }

    /** What an instance is started with that wakes devices. */
    static List<String> fcm(FakeFcm fcm, String credentials, Path folder) throws IOException {
        var file = Files.writeString(folder.resolve(UUID.randomUUID() + ".json"), credentials);
        return List.of(
                "--relay.channel.fcm.enabled=true",
                "--relay.channel.fcm.credentials-file=" + file,
                "--relay.channel.fcm.endpoint=" + fcm.url());
    }

    @Test
    void unacknowledgedEvent_wakesTheDevice_withACursorAndNothingOfTheEvent() {
        var device = devices.withToken();

        var published =
                devices.kafka().publish(device, "event-1", "{\"secret\": 1}").join();

        awaitPushes(device, 1);
        var message = fcm.accepted(device).getFirst();
        assertThat(message.data()).containsOnlyKeys("relay", "device", "cursor");
        assertThat(message.body().utf8()).doesNotContain("secret", "event-1", "transaction", "wallet");
        // The event's type is one of those that need the user.
        assertThat(message.body().utf8()).contains("\"priority\":\"high\"");
        var cursors = new CursorCodec(List.of(SigningKey.parse(RunningChannel.CURSOR_KEY)));
        assertThat(cursors.decode(device, message.data().getOrDefault("cursor", "")))
                .isEqualTo(new CursorCheck.Valid(
                        new Cursor(devices.kafka().generation(), 1, published.partition(), published.offset())));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(devices.state(device, device))
                        .hasValueSatisfying(
                                state -> assertThat(state.getState()).isEqualTo("active")));
    }

    @Test
    void acknowledgedEvent_wakesNothing() throws IOException {
        var device = devices.withToken();
        devices.addToken(device, 1, device + "-other", Map.of("consumer", "other"));
        var published = devices.kafka().publish(device, "event-1", "{}").join();
        devices.acknowledge(device, "", 1, published.offset());

        assertThatNewGroupWakes(device + "-other", device);
    }

    @Test
    void everyTokenOfADevice_isWokenForWhatConcernsIt() throws IOException {
        var device = devices.kafka().register("alice");
        devices.addToken(device, 1, device + "-1", Map.of("consumer", "phone"));
        devices.addToken(device, 1, device + "-2", Map.of("consumer", "tablet"));
        var published = devices.kafka().publish(device, "event-1", "{}").join();
        devices.acknowledge(device, "phone", 1, published.offset());

        assertThatNewGroupWakes(device + "-2", device + "-1");
    }

    /** An instance that starts reads all acknowledgements before it wakes anything. */
    private static void assertThatNewGroupWakes(String token, String other) throws IOException {
        try (var own = FakeFcm.start();
                var _ = startService(own, "ncw-channel-fcm-" + UUID.randomUUID())) {
            awaitPushes(own, token, 1);
            awaitLaterBatch(own);
            assertThat(own.accepted(other)).isEmpty();
        }
    }

    @Test
    void invalidToken_isBroken_andNotUsedAgain_untilItIsRegisteredAnew() {
        var device = devices.withToken();
        fcm.answer(device, FcmError.UNREGISTERED.answer());
        devices.kafka().publish(device, "event-1", "{}").join();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(devices.state(device, device)).hasValueSatisfying(state -> {
                    assertThat(state.getState()).isEqualTo("broken");
                    assertThat(state.getReason()).isEqualTo("the app is no longer registered with this token");
                }));
        fcm.recover();
        devices.addToken(device, 1, device, Map.of());
        devices.kafka().publish(device, "event-2", "{}").join();
        awaitPushes(device, 1);
    }

    @Test
    void rejectedMessage_isCounted() {
        var device = devices.withToken();
        fcm.answer(device, FcmError.INVALID_ARGUMENT.answer());

        devices.kafka().publish(device, "event-1", "{}").join();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(service.management("/actuator/prometheus"))
                        .containsPattern("relay_channel_messages_total\\{kind=\"fcm\",result=\"refused\"} [1-9]"));
    }

    @Test
    void outageOfFcm_isDegraded_andWakesAfterwards() {
        var device = devices.withToken();
        fcm.answerAll(FcmError.UNAVAILABLE.answer().header("Retry-After", "1"));
        devices.kafka().publish(device, "event-1", "{}").join();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(service.management("/actuator/health/readiness"))
                        .contains("{\"fcm\":\"UNAVAILABLE\"},\"status\":\"DEGRADED\"")
                        .endsWith("\"status\":\"UP\"}"));
        fcm.recover();

        awaitPushes(device, 1);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(service.management("/actuator/health/readiness"))
                        .contains("\"fcm\":\"up\""));
    }

    @Test
    void formerOwnersToken_getsNothingAfterTheChangeOfOwner() throws IOException {
        try (var own = FakeFcm.start();
                var _ = startService(own, "ncw-channel-fcm-owners", "--relay.channel.fcm.interval=1s")) {
            // Given
            var device = devices.withToken();
            var first = devices.kafka().publish(device, "event-1", "{}").join();
            awaitPushes(own, device, 1);
            devices.acknowledge(device, "", 1, first.offset());

            // When
            devices.kafka().register(device, "bob", 2, devices.kafka().end(device));
            devices.addToken(device, 2, device + "-bob", Map.of());
            devices.kafka().publish(device, "event-2", "{}").join();

            // Then
            awaitPushes(own, device + "-bob", 1);
            awaitLaterBatch(own);
            assertThat(own.accepted(device)).hasSize(1);
        }
    }

    @Test
    @Tag("brokers")
    void partitionsThatMoveToAnotherInstance_areWokenAtMostTwice() throws IOException {
        try (var own = FakeFcm.start();
                var _ = startService(own, "ncw-channel-fcm-two", "--relay.channel.fcm.interval=30m")) {
            // Given
            var woken = publishToNewDevices(40);
            woken.forEach(device -> awaitPushes(own, device, 1));

            // When
            try (var _ = startService(own, "ncw-channel-fcm-two", "--relay.channel.fcm.interval=30m")) {

                // Then
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(woken)
                                .anyMatch(device -> own.accepted(device).size() > 1));
                publishToNewDevices(20).forEach(device -> awaitPushes(own, device, 1));
                assertThat(woken).allMatch(device -> own.accepted(device).size() <= 2);
            }
        }
    }

    private static List<String> publishToNewDevices(int count) {
        var added = IntStream.range(0, count).mapToObj(_ -> devices.withToken()).toList();
        added.forEach(device -> devices.kafka().publish(device, "event", "{}").join());
        return added;
    }

    @Test
    void wrongCredentials_showInTheHealthOfTheChannelAlone() throws IOException {
        var settings = new ArrayList<>(fcm(fcm, fcm.foreignCredentials(), folder));
        settings.add("--relay.channel.fcm.group=ncw-channel-fcm-wrong");
        settings.add("--server.port=0");
        try (var other =
                RunningChannel.begin(fireblocks, SharedStack.get().connection(), settings.toArray(String[]::new))) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(other.management("/actuator/health/readiness"))
                            .contains("\"fcm\":\"no access token: check relay.channel.fcm.credentials-file")
                            .contains("\"status\":\"DEGRADED\"")
                            .endsWith("\"status\":\"UP\"}"));
        }
    }

    @Test
    void missingCredentials_refuseTheStart() {
        assertThatThrownBy(() -> RunningChannel.begin(
                        fireblocks,
                        SharedStack.get().connection(),
                        "--server.port=0",
                        "--relay.channel.fcm.enabled=true",
                        "--relay.channel.fcm.credentials-file=" + folder.resolve("missing")))
                .hasStackTraceContaining(
                        "relay.channel.fcm.credentials-file (RELAY_CHANNEL_FCM_CREDENTIALS_FILE) must be");
    }

    /** Batches are sent one after the other: all messages of those before have arrived. */
    private static void awaitLaterBatch(FakeFcm fcm) {
        var device = devices.withToken();
        devices.kafka().publish(device, "event", "{}").join();
        awaitPushes(fcm, device, 1);
    }

    private static void awaitPushes(String token, int count) {
        awaitPushes(fcm, token, count);
    }

    private static void awaitPushes(FakeFcm fcm, String token, int count) {
        await().atMost(SOON).untilAsserted(() -> assertThat(fcm.accepted(token)).hasSize(count));
    }
}
