package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.TenantTopic;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka.Listener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The service and the backend of a tenant with exactly the ACLs of docs/security-kafka.md, "Topics of tenants". */
@Tag("kafka")
@Tag("brokers")
class TenantTopicAccessTest {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String SERVICE = "User:channel-service";
    private static final String BACKEND = "User:acme-backend";

    private final FakeFireblocks fireblocks = FakeFireblocks.start();
    private final SecuredKafka kafka = SecuredKafka.start(fireblocks.oidc()).withTopics();
    private final KafkaDevices devices = new KafkaDevices(kafka.connection(), "kafka-tenant");

    @AfterEach
    void stop() {
        devices.close();
        kafka.close();
        fireblocks.close();
    }

    @Test
    void topic_isReadByTheBackendOfItsTenantAlone_untilThePermissionIsRemoved() {
        // Given
        kafka.run("channel-service");
        kafka.run("Topics of tenants");
        kafka.run("A backend that reads its tenant's topic");
        var acme = devices.registerFor("acme");
        var beta = devices.registerFor("beta");
        try (var service = start()) {
            service.awaitReady();
            devices.awaitGroup("ncw-channel-kafka-tenant");

            // When
            devices.publish(acme, "of acme", "{}").join();
            devices.publish(beta, "of beta", "{}").join();

            // Then
            awaitTopics();
            assertThat(read(backend(), "acme", "ncw.client.tenant.acme.app")).containsExactly("of acme");
            assertThatThrownBy(() -> read(backend(), "beta", "ncw.client.tenant.acme.app"))
                    .isInstanceOf(TopicAuthorizationException.class);
            assertThatThrownBy(() -> read(backend(), "acme", "ncw.client.tenant.beta.app"))
                    .isInstanceOf(GroupAuthorizationException.class);
            // Also not under the name of the backend.
            for (var user : List.of("alice", "acme-backend")) {
                var token = kafka.connection(Listener.CLIENT, fireblocks.oidc().tokenFor(user));
                assertThatThrownBy(() -> read(token, "acme", "ncw.client.tenant.acme.app"))
                        .isInstanceOfAny(TopicAuthorizationException.class, GroupAuthorizationException.class);
            }
        }
        kafka.run("A tenant that has no topic any more");
        assertThat(kafka.aclsOf(BACKEND)).isEmpty();
        assertThatThrownBy(() -> read(backend(), "acme", "ncw.client.tenant.acme.app"))
                .isInstanceOfAny(TopicAuthorizationException.class, GroupAuthorizationException.class);
    }

    @Test
    void everyAcl_isNeeded_andNothingIsLostWithoutIt() {
        // Given
        kafka.run("channel-service");
        var others = Set.copyOf(kafka.aclsOf(SERVICE));
        kafka.run("Topics of tenants");
        kafka.run("A backend that reads its tenant's topic");
        var acls = new HashSet<>(kafka.aclsOf(SERVICE));
        acls.removeAll(others);
        assertThat(acls).hasSize(7);
        var device = devices.registerFor("acme");
        try (var service = start()) {
            service.awaitReady();
            devices.awaitGroup("ncw-channel-kafka-tenant");
            awaitTopics();
        }

        // When
        var published = new ArrayList<String>();
        for (var acl : acls) {
            tryWithout(acl, device, published);
        }

        // Then
        assertThat(read(backend(), "acme", "ncw.client.tenant.acme.app")).isEqualTo(published);
    }

    /** The ACLs are made after the topics. */
    private void awaitTopics() {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(kafka.aclsOf(BACKEND)).hasSize(2));
    }

    private void tryWithout(AclBinding acl, String device, List<String> published) {
        kafka.revoke(List.of(acl));
        assertThat(kafka.aclsOf(SERVICE)).doesNotContain(acl);
        // So that it has to be created.
        deleteTopics();
        try (var service = start()) {
            published.clear();
            published.add("without " + acl.entry().operation());
            devices.publish(device, published.getFirst(), "{}").join();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(service.management("/actuator/health/readiness"))
                            .as(acl.toString())
                            .contains("DEGRADED", refusal(acl)));
            kafka.grant(List.of(acl));
            service.awaitReady();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(read(backend(), "acme", "ncw.client.tenant.acme.app"))
                            .as(acl.toString())
                            .isEqualTo(published));
        }
    }

    private void deleteTopics() {
        try (var admin = Admin.create(kafka.connection().admin("test"))) {
            admin.deleteTopics(List.of(new TenantTopic("acme").name())).all().get();
        } catch (Exception e) {
            throw new AssertionError(e);
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
                "--relay.channel.kafka.tenants.acme.principal=" + BACKEND,
                "--relay.channel.kafka.tenants.beta.principal=User:beta-backend",
                "--relay.channel.kafka.client-listener=CLIENT",
                "--relay.channel.kafka.replication-factor=1",
                "--relay.channel.kafka.min-insync-replicas=1");
    }

    private KafkaConnection backend() {
        var properties = new Properties();
        try (var file =
                Files.newBufferedReader(kafka.settings("Settings of a tenant's backend", "backend.properties"))) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> settings = properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
        return KafkaConnection.toDevelopmentBroker(
                kafka.bootstrapServers(Listener.INTERNAL), LocalKafka.PARTITIONS, settings);
    }

    /** The ids of what is in the topic of a tenant, as a backend reads it that begins: each once. */
    private static List<String> read(KafkaConnection connection, String tenant, String group) {
        var ids = new ArrayList<String>();
        var config = connection.shortLivedConsumer("backend");
        config.putAll(Map.of("group.id", group, "auto.offset.reset", "earliest"));
        try (var consumer = new KafkaConsumer<String, byte[]>(config)) {
            consumer.subscribe(List.of(new TenantTopic(tenant).name()));
            long deadline = System.nanoTime() + SOON.toNanos();
            while (ids.isEmpty() && System.nanoTime() - deadline < 0) {
                consumer.poll(Duration.ofMillis(500)).forEach(record -> ids.add(id(record)));
            }
        }
        return ids.stream().distinct().toList();
    }

    private static String id(ConsumerRecord<String, byte[]> record) {
        return JsonMapper.shared().readTree(record.value()).path("id").asString();
    }
}
