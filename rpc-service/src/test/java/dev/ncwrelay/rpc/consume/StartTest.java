package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The service waits for unavailable dependencies, but not with a wrong configuration. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("kafka")
class StartTest {

    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final KafkaConnection NO_KAFKA = KafkaConnection.to("127.0.0.1:1", LocalKafka.PARTITIONS);
    private static final KafkaConnection NO_NAME = KafkaConnection.to("kafka.invalid:9092", LocalKafka.PARTITIONS);

    @AfterAll
    static void stop() {
        FIREBLOCKS.close();
    }

    @Test
    void missingPrivateKey_stopsTheStartWithAnAction(CapturedOutput output) {
        assertThatThrownBy(() ->
                        RunningService.begin(FIREBLOCKS, NO_KAFKA, Map.of("relay.rpc.fireblocks.private-key", "")))
                .hasRootCauseMessage(
                        "neither relay.rpc.fireblocks.private-key nor relay.rpc.fireblocks.private-key-file is set");

        assertThat(output)
                .contains("APPLICATION FAILED TO START", "RELAY_RPC_FIREBLOCKS_PRIVATE_KEY_FILE")
                .doesNotContain(FIREBLOCKS.apiUser().apiKey());
    }

    /** The value of a misspelt setting may be a secret. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "relay.rpc.fireblocks.privat-key",
                "relay.rpc.fireblocks.api-key-file",
                "relay.rpc.retry.first-pose",
                "relay.rpc.retry.first-pause",
                "relay.registry.propertys.password",
                "relay.kafka.partitions"
            })
    void wrongSetting_stopsTheStartAndOnlyItsNameIsShown(String key, CapturedOutput output) {
        var secret = "MIIsecretsecret";

        assertThatThrownBy(() -> RunningService.begin(FIREBLOCKS, NO_KAFKA, Map.of(key, secret)));

        assertThat(output)
                .contains("APPLICATION FAILED TO START", key)
                .doesNotContain(secret)
                .doesNotContain("\tat ");
    }

    /** With the address of the region, as application.yaml leaves it. */
    @Test
    void unresolvableKafkaHost_affectsReadinessOnly() {
        try (var service = RunningService.begin(FIREBLOCKS, NO_NAME, Map.of("relay.rpc.fireblocks.base-url", ""))) {
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(
                                    service.get("/actuator/health/readiness").body())
                            .contains(
                                    "\"status\":\"DOWN\"",
                                    "spring.kafka.bootstrap-servers resolves: kafka.invalid:9092"));
            assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
            assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        }
    }

    /** Kafka is unavailable during the call: the reply waits, and the position does not advance. */
    @Test
    @Tag("fixtures")
    void kafkaOutageDuringACall_delaysItsReply() {
        try (var kafka = LocalKafka.start();
                var log = new RequestLog(kafka.connection());
                var service = RunningService.begin(FIREBLOCKS, kafka.connection(), Map.of())) {
            // Given
            service.awaitReady();
            var device = UUID.randomUUID().toString();
            FIREBLOCKS.invoke().onDevice(device, _ -> {
                kafka.stop();
                return InvokeAnswer.result("while Kafka is away");
            });

            // When
            var requestId = log.send(device, "enroll_player");
            await().atMost(TIMEOUT)
                    .untilAsserted(() ->
                            assertThat(FIREBLOCKS.invoke().callsOf(device)).hasSize(1));
            kafka.restart();

            // Then
            var reply = log.reply(requestId).reply();
            assertThat(reply.getBody())
                    .isEqualTo(
                            ByteBuffer.wrap("{\"result\":\"while Kafka is away\"}".getBytes(StandardCharsets.UTF_8)));
        }
    }
}
