package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.tail.LogReader;
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
import java.util.SequencedSet;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

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
    private final Admin admin = Admin.create(CLUSTER.connection().admin("test"));
    private final FakeFireblocks fireblocks = FakeFireblocks.start();
    private final Map<String, List<String>> published = new HashMap<>();
    private KafkaDevices devices = new KafkaDevices(SharedStack.get().connection(), "kafka-tenant");
    private Optional<RunningChannel> service = Optional.empty();

    @BeforeEach
    void awaitAllBrokers() {
        awaitBrokers(3);
    }

    @AfterEach
    void stop() {
        service.ifPresent(RunningChannel::close);
        devices.close();
        fireblocks.close();
        admin.close();
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
        createTopic(acme, sickness, List.of(sickness.healthy(), sickness.healthy(), sickness.sick()));
        createTopic(beta, sickness, List.of(sickness.healthy()));
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
        awaitReceived(ofAcme, topics());

        // When
        CLUSTER.broker(AWAY).kill();
        publish(sick);
        publish(healthy);

        // Then
        // Until then it counts as the leader, and a reader waits for it.
        awaitBrokers(2);
        awaitReceived(healthy, topics());
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
        awaitReceived(healthy, topics());

        CLUSTER.broker(AWAY).restart();
        awaitReceived(ofAcme, topics());
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
        var healthy = Stream.generate(this::subscribed).limit(5).toList();
        place(topic(sick), sickness.sick());
        for (var device : healthy) {
            place(topic(device), sickness.healthy());
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

        CLUSTER.broker(AWAY).restart();
        awaitReceived(List.of(sick), List.of(topic(sick)));
        awaitState(sick, "active");
    }

    private void awaitBrokers(int count) {
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(admin.describeCluster().nodes().get()).hasSize(count));
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

    private List<String> topics() {
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

    private void createTopic(String tenant, Sickness sickness, List<List<Integer>> replicas) throws Exception {
        var assignments = new HashMap<Integer, List<Integer>>();
        replicas.forEach(brokers -> assignments.put(assignments.size(), brokers));
        var topic = new NewTopic(new TenantTopic(tenant).name(), assignments)
                .configs(Map.of("min.insync.replicas", Integer.toString(sickness.minInsyncReplicas())));
        admin.createTopics(List.of(topic)).all().get();
    }

    /** Moves a topic to these brokers. */
    private void place(String topic, List<Integer> brokers) throws Exception {
        var move = Optional.of(new NewPartitionReassignment(brokers));
        admin.alterPartitionReassignments(Map.of(new TopicPartition(topic, 0), move))
                .all()
                .get();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(admin.listPartitionReassignments()
                                .reassignments()
                                .get())
                        .isEmpty());
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
            var received = received(topics);
            assertThat(of)
                    .filteredOn(device -> !List.copyOf(received.getOrDefault(device, new LinkedHashSet<>()))
                            .equals(published.get(device)))
                    .isEmpty();
        });
    }

    /** What is in the partitions that have a leader: by device, each id once. */
    private Map<String, SequencedSet<String>> received(List<String> topics) throws Exception {
        var ids = new HashMap<String, SequencedSet<String>>();
        var partitions = admin.describeTopics(topics).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .filter(partition -> partition.leader() != null)
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
        try (var consumer =
                new KafkaConsumer<String, byte[]>(CLUSTER.connection().shortLivedConsumer("client"))) {
            new LogReader(consumer)
                    .readAll(
                            partitions,
                            record -> ids.computeIfAbsent(record.key(), _ -> new LinkedHashSet<>())
                                    .add(JsonMapper.shared()
                                            .readTree(record.value())
                                            .path("id")
                                            .asString()));
        }
        return ids;
    }
}
