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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service by SCRAM with exactly the ACLs of docs/security-kafka.md, "Push messages". It is started without each of them,
 * while an event arrives for a device with a token.
 */
@Tag("kafka")
@Tag("brokers")
class FcmAccessTest {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String PRINCIPAL = "User:channel-service";

    private final FakeFireblocks fireblocks = FakeFireblocks.start();
    private final FakeFcm fcm = FakeFcm.start();
    private final SecuredKafka kafka = SecuredKafka.start(fireblocks.oidc()).withTopics();
    private final FcmDevices devices = new FcmDevices(kafka.connection());

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        devices.close();
        kafka.close();
        fcm.close();
        fireblocks.close();
    }

    @Test
    void everyAcl_isNeeded_isNamedWithoutIt_andNothingIsLost() throws Exception {
        // Given
        kafka.run("channel-service");
        var others = Set.copyOf(kafka.aclsOf(PRINCIPAL));
        kafka.run("Push messages");
        var acls = new HashSet<>(kafka.aclsOf(PRINCIPAL));
        acls.removeAll(others);
        assertThat(acls).hasSize(5);
        try (var service = start()) {
            awaitUp(service);
            awaitPush(publish());
        }

        for (var acl : acls) {
            // When
            kafka.revoke(List.of(acl));
            try (var service = start()) {
                var device = publish();
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(service.management("/actuator/health/readiness"))
                                .as(acl.toString())
                                .contains("DEGRADED", acl.pattern().name()));
                kafka.grant(List.of(acl));

                // Then
                awaitUp(service);
                awaitPush(device);
            }
        }
    }

    /** An event for a new device with a token, whose name is the device's id. */
    private String publish() {
        var device = devices.withToken();
        assertThat(devices.kafka().publish(device, "event-of-" + device, "{}")).succeedsWithin(SOON);
        return device;
    }

    private void awaitPush(String token) {
        await().atMost(SOON).untilAsserted(() -> assertThat(fcm.accepted(token)).isNotEmpty());
    }

    private static void awaitUp(RunningChannel service) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(service.management("/actuator/health/readiness"))
                        .contains("\"fcm\":\"up\"", "\"kafkaAccess\":{\"status\":\"UP\"}"));
    }

    private RunningChannel start() throws Exception {
        var settings = new ArrayList<>(FcmFlowTest.fcm(fcm, fcm.credentials(), folder));
        settings.add("--relay.channel.fcm.delay=100ms");
        settings.add("--server.port=0");
        settings.add("--spring.config.additional-location=file:" + kafka.settings("SCRAM", "scram.yaml"));
        settings.add("--relay.kafka.access-check-interval=100ms");
        var address = KafkaConnection.to(kafka.bootstrapServers(Listener.INTERNAL), LocalKafka.PARTITIONS);
        return RunningChannel.begin(fireblocks, address, settings.toArray(String[]::new));
    }
}
