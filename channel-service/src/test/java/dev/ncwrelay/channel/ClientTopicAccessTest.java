package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.tail.LogReader;
import dev.ncwrelay.schemas.ClientTopic;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka.Listener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * The service with exactly the ACLs of docs/security-kafka.md, "Topics of clients". It is started without each of them, while
 * an event arrives, a device subscribes and another's subscription ends.
 */
@Tag("kafka")
@Tag("brokers")
class ClientTopicAccessTest {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String PRINCIPAL = "User:channel-service";

    private final FakeFireblocks fireblocks = FakeFireblocks.start();
    private final SecuredKafka kafka = SecuredKafka.start(fireblocks.oidc()).withTopics();
    private final KafkaDevices devices = new KafkaDevices(kafka.connection(), "kafka");
    private final List<String> published = new ArrayList<>();

    @AfterEach
    void stop() {
        devices.close();
        kafka.close();
        fireblocks.close();
    }

    @Test
    void everyAcl_isNeeded_andNothingIsLostWithoutIt() {
        // Given
        kafka.run("channel-service");
        var others = Set.copyOf(kafka.aclsOf(PRINCIPAL));
        kafka.run("Topics of clients");
        var acls = new HashSet<>(kafka.aclsOf(PRINCIPAL));
        acls.removeAll(others);
        assertThat(acls).hasSize(6);
        var device = devices.register("alice");
        var leaving = devices.register("alice");
        try (var service = start()) {
            service.awaitReady();
            devices.subscribe(device, 1);
            devices.subscribe(leaving, 1);
            awaitActive(device);
            awaitActive(leaving);
        }

        // When
        for (var acl : acls) {
            leaving = tryWithout(acl, device, leaving);
        }

        // Then
        awaitForwarded(device);
    }

    private void awaitForwarded(String device) {
        await().atMost(SOON).untilAsserted(() -> assertThat(ids(topic(device))).isEqualTo(published));
    }

    /** Returns the device that subscribed meanwhile. */
    private String tryWithout(AclBinding acl, String device, String leaving) {
        kafka.revoke(List.of(acl));
        assertThat(kafka.aclsOf(PRINCIPAL)).doesNotContain(acl);
        try (var service = start()) {
            var id = "event-" + published.size();
            published.add(id);
            assertThat(devices.publish(device, id, "{}")).succeedsWithin(SOON);
            var joining = devices.register("alice");
            devices.subscribe(joining, 1);
            var ending = topic(leaving);
            devices.unsubscribe(leaving);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(service.management("/actuator/health/readiness"))
                            .as(acl.toString())
                            .contains("DEGRADED", refusal(acl)));
            kafka.grant(List.of(acl));
            service.awaitReady();
            // Otherwise the last event may not be forwarded when the service is closed.
            awaitForwarded(device);
            awaitActive(joining);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(topics()).as(acl.toString()).doesNotContain(ending.name()));
            return joining;
        }
    }

    /** What readiness says of it: Kafka does not name what is refused to an administrator, so the service names the page. */
    private static String refusal(AclBinding acl) {
        var resource = acl.pattern();
        boolean isOfAdministrator =
                resource.resourceType() == ResourceType.CLUSTER || resource.patternType() == PatternType.PREFIXED;
        return isOfAdministrator ? "docs/security-kafka.md lists the ACLs of topics of clients" : resource.name();
    }

    private RunningChannel start() {
        var address = KafkaConnection.to(kafka.bootstrapServers(Listener.INTERNAL), LocalKafka.PARTITIONS);
        return RunningChannel.begin(
                fireblocks,
                address,
                "--server.port=0",
                "--spring.config.additional-location=file:" + kafka.settings("SCRAM", "scram.yaml"),
                "--relay.kafka.access-check-interval=100ms",
                "--relay.channel.kafka.enabled=true",
                "--relay.channel.kafka.client-listener=CLIENT",
                "--relay.channel.kafka.replication-factor=1",
                "--relay.channel.kafka.min-insync-replicas=1");
    }

    private void awaitActive(String device) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(devices.state(device))
                        .hasValueSatisfying(
                                state -> assertThat(state.getState()).isEqualTo("active")));
    }

    private ClientTopic topic(String device) {
        return new ClientTopic(device, devices.subscription(device));
    }

    private Set<String> topics() throws Exception {
        try (var admin = Admin.create(kafka.connection().admin("test"))) {
            return admin.listTopics().names().get();
        }
    }

    /** Each once. */
    private List<String> ids(ClientTopic topic) {
        var ids = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<String, byte[]>(kafka.connection().shortLivedConsumer("test"))) {
            new LogReader(consumer)
                    .readAll(
                            List.of(new TopicPartition(topic.name(), 0)),
                            record -> ids.add(JsonMapper.shared()
                                    .readTree(record.value())
                                    .path("id")
                                    .asString()));
        }
        return ids.stream().distinct().toList();
    }
}
