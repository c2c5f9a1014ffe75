package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.testkit.fcm.FakeFcm;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka.Listener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service by SCRAM with the ACLs of docs/security-kafka.md for push messages. */
@Tag("kafka")
@Tag("brokers")
class FcmAccessTest {

    private static final Duration SOON = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    @Test
    void documentedAcls_areEnoughToWakeADevice() throws Exception {
        try (var fireblocks = FakeFireblocks.start();
                var fcm = FakeFcm.start();
                var kafka = SecuredKafka.start(fireblocks.oidc()).withTopics();
                var devices = new FcmDevices(kafka.connection())) {
            // Given
            kafka.run("channel-service");
            kafka.run("Push messages");
            var settings = new ArrayList<>(FcmFlowTest.fcm(fcm, fcm.credentials(), folder));
            settings.add("--relay.channel.fcm.delay=100ms");
            settings.add("--server.port=0");
            settings.add("--spring.config.additional-location=file:" + kafka.settings("SCRAM", "scram.yaml"));
            var address = KafkaConnection.to(kafka.bootstrapServers(Listener.INTERNAL), LocalKafka.PARTITIONS);
            try (var service = RunningChannel.begin(fireblocks, address, settings.toArray(String[]::new))) {
                service.awaitReady();
                var device = devices.withToken();

                // When
                devices.kafka().publish(device, "event-1", "{}").join();

                // Then
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(fcm.accepted(device)).isNotEmpty());
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(service.management("/actuator/health/readiness"))
                                .contains("\"fcm\":\"up\"", "\"kafkaAccess\":{\"status\":\"UP\"}"));
            }
        }
    }
}
