package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.schemas.ClientTopic;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.TenantTopic;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.KafkaCluster;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One of three brokers of the clients' Kafka is away: what it alone could take waits, and everything else goes on. */
@Tag("kafka")
@Tag("brokers")
class SickPartitionTest {

    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int AWAY = 3;
    private static final int EVENTS = 5;
    private static final KafkaCluster CLUSTER = KafkaCluster.start();

    /** Why a partition accepts nothing while a broker is away. */
    enum Sickness {
        NO_LEADER,
        TOO_FEW_REPLICAS;

        int minInsyncReplicas() {
            return this == NO_LEADER ? 1 : 2;
        }

        /** How the service says that it has not tried. */
        String known() {
            return this == NO_LEADER ? "no broker has the partition now" : "replicas in sync: 1";
        }

        /** The brokers of a partition that accepts records all the time. */
        List<Integer> healthy() {
            return this == NO_LEADER ? List.of(2) : List.of(2, 1);
        }

        /** The brokers of one that does not. */
        List<Integer> sick() {
            return this == NO_LEADER ? List.of(AWAY) : List.of(1, AWAY);
        }
    }

    private final String run = UUID.randomUUID().toString();
    private final String acme = "acme-" + run;
    private final String beta = "beta-" + run;
    private final ClientClusterTopics topics = new ClientClusterTopics(CLUSTER);
    private final FakeFireblocks fireblocks = FakeFireblocks.start();
    private final Map<String, List<String>> published = new HashMap<>();
    private KafkaDevices devices = new KafkaDevices(SharedStack.get().connection(), "kafka-tenant");
    private Optional<RunningChannel> service = Optional.empty();

    @BeforeEach
    void awaitAllBrokers() {
        topics.awaitBrokers(3);
    }

    @AfterEach
    void stop() {
        service.ifPresent(RunningChannel::close);
        devices.close();
        fireblocks.close();
        topics.close();
        CLUSTER.broker(AWAY).restart();
    }

    @AfterAll
    static void stopCluster() {
        CLUSTER.close();
    }

    @ParameterizedTest
    @EnumSource
    void partitionOfATenantsTopic_holdsBackItsDevicesAlone_alsoOverARestart(Sickness sickness) throws Exception {
        // Given
        topics.create(
                acme, sickness.minInsyncReplicas(), List.of(sickness.healthy(), sickness.healthy(), sickness.sick()));
        topics.create(beta, sickness.minInsyncReplicas(), List.of(sickness.healthy()));
        startForTenants(sickness);
        devices.awaitGroup(group());
        var ofAcme = registerFor(acme);
        var sick = ofAcme.stream()
                .filter(device -> DevicePartition.of(device, 3) == 2)
                .toList();
        var healthy = Stream.concat(ofAcme.stream(), registerFor(beta).stream())
                .filter(device -> !sick.contains(device))
                .toList();
        assertThat(sick).isNotEmpty();
        publish(ofAcme);
        publish(healthy);
        awaitReceived(ofAcme, tenantTopics());

        // When
        CLUSTER.broker(AWAY).kill();
        publish(sick);
        publish(healthy);

        // Then
        // Until then it counts as the leader, and a reader waits for it.
        topics.awaitBrokers(2);
        awaitReceived(healthy, tenantTopics());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(management("/actuator/health/readiness"))
                        .contains("\"status\":\"DEGRADED\"")
                        .contains(new TenantTopic(acme).name() + "-2"));
        assertThat(management("/actuator/prometheus"))
                .containsPattern("relay_channel_behind\\{kind=\"kafka-tenant\"} [1-9]");
        service.orElseThrow().close();
        publish(sick);
        startForTenants(sickness);
        publish(healthy);
        awaitReceived(healthy, tenantTopics());

        CLUSTER.broker(AWAY).restart();
        awaitReceived(ofAcme, tenantTopics());
        service.orElseThrow().awaitReady();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(management("/actuator/prometheus"))
                        .contains("relay_channel_behind{kind=\"kafka-tenant\"} 0.0"));
    }

    @ParameterizedTest
    @EnumSource
    void topicOfADevice_holdsBackItsDeviceAlone(Sickness sickness) throws Exception {
        // Given
        devices.close();
        devices = new KafkaDevices(SharedStack.get().connection(), "kafka");
        start(
                sickness,
                "--relay.channel.kafka.enabled=true",
                "--relay.channel.kafka.group=" + group(),
                "--relay.channel.kafka.replication-factor=" + sickness.healthy().size());
        var sick = subscribed();
        var later = subscribed();
        var healthy = Stream.generate(this::subscribed).limit(5).toList();
        topics.place(topic(sick), sickness.sick());
        topics.place(topic(later), sickness.sick());
        for (var device : healthy) {
            topics.place(topic(device), sickness.healthy());
        }

        // When
        CLUSTER.broker(AWAY).kill();
        // Nothing else is sent meanwhile that could be accepted.
        publish(List.of(sick));

        // Then
        awaitState(sick, "held");
        publish(healthy);
        awaitReceived(healthy, healthy.stream().map(this::topic).toList());
        // It may subscribe, too.
        subscribed();
        // What ails one topic is not waited for with each of the others.
        topics.awaitBrokers(2);
        publish(List.of(later));
        awaitState(later, "held");
        assertThat(devices.state(later).orElseThrow().getReason()).contains(sickness.known());

        CLUSTER.broker(AWAY).restart();
        awaitReceived(List.of(sick, later), List.of(topic(sick), topic(later)));
        awaitState(sick, "active");
        awaitState(later, "active");
    }

    private void startForTenants(Sickness sickness) {
        start(
                sickness,
                "--relay.channel.kafka.tenant-group=" + group(),
                "--relay.channel.kafka.tenants." + acme + ".partitions=3",
                "--relay.channel.kafka.tenants." + beta + ".partitions=1");
    }

    private void start(Sickness sickness, String... settings) {
        var common = Stream.of(
                "--server.port=0",
                "--relay.channel.kafka.bootstrap-servers=" + CLUSTER.bootstrapServers(),
                "--relay.channel.kafka.min-insync-replicas=" + sickness.minInsyncReplicas(),
                "--relay.channel.kafka.acls=false",
                // Half of the defaults: how long a record is on its way to a partition that accepts nothing.
                "--relay.channel.kafka.properties.request.timeout.ms=2000",
                "--relay.channel.kafka.properties.delivery.timeout.ms=4000");
        service = Optional.of(RunningChannel.begin(
                fireblocks,
                SharedStack.get().connection(),
                Stream.concat(common, Stream.of(settings)).toArray(String[]::new)));
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(management("/actuator/health/readiness")).contains("\"channels\""));
    }

    private String management(String path) {
        return service.orElseThrow().management(path);
    }

    private String group() {
        return "sick-" + run;
    }

    private List<String> tenantTopics() {
        return List.of(new TenantTopic(acme).name(), new TenantTopic(beta).name());
    }

    private List<String> registerFor(String tenant) {
        return IntStream.range(0, 24).mapToObj(_ -> devices.registerFor(tenant)).toList();
    }

    private String subscribed() {
        var device = devices.register("alice");
        devices.subscribe(device, 1);
        awaitState(device, "active");
        return device;
    }

    private String topic(String device) {
        return new ClientTopic(device, devices.subscription(device)).name();
    }

    /** The next events of each device. */
    private void publish(List<String> of) {
        for (int i = 0; i < EVENTS; i++) {
            for (var device : of) {
                var ids = published.computeIfAbsent(device, _ -> new ArrayList<>());
                ids.add(device + "-" + ids.size());
                assertThat(devices.publish(device, ids.getLast(), "{}")).succeedsWithin(SOON);
            }
        }
    }

    private void awaitState(String device, String state) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(devices.state(device))
                        .hasValueSatisfying(
                                found -> assertThat(found.getState()).isEqualTo(state)));
    }

    /** Waits until these devices have all their events, in order. */
    private void awaitReceived(List<String> of, List<String> topics) {
        await().atMost(SOON).untilAsserted(() -> {
            var received = this.topics.received(topics);
            assertThat(of)
                    .filteredOn(device -> !List.copyOf(received.getOrDefault(device, new LinkedHashSet<>()))
                            .equals(published.get(device)))
                    .isEmpty();
        });
    }
}
