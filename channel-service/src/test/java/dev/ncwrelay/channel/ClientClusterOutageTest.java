package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.schemas.ClientTopic;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.TenantTopic;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.server.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** The clients' Kafka is away, and the relay's is not. */
@Tag("kafka")
@Tag("brokers")
class ClientClusterOutageTest {

    private static final Duration SOON = Duration.ofMinutes(2);

    @ParameterizedTest
    @EnumSource(Outage.class)
    void events_waitForTheClientsCluster_andNoneIsLost(Outage outage) {
        try (var fireblocks = FakeFireblocks.start();
                var cluster = LocalKafka.startPausable();
                var devices = new KafkaDevices(SharedStack.get().connection(), "kafka");
                var service = RunningChannel.begin(
                                fireblocks,
                                SharedStack.get().connection(),
                                "--server.port=0",
                                "--relay.channel.kafka.enabled=true",
                                "--relay.channel.kafka.group=outage-" + outage,
                                "--relay.channel.kafka.bootstrap-servers=" + cluster.bootstrapServers(),
                                "--relay.channel.kafka.replication-factor=1",
                                "--relay.channel.kafka.min-insync-replicas=1",
                                "--relay.channel.kafka.acls=false")
                        .awaitReady()) {
            // Given
            var device = devices.register("alice");
            devices.subscribe(device, 1);
            awaitActive(devices, device);
            var ids = IntStream.range(0, 40).mapToObj(i -> "event-" + i).toList();
            publish(devices, device, ids.subList(0, 10));

            // When
            outage.begin(cluster);
            publish(devices, device, ids.subList(10, 30));
            var another = devices.register("alice");
            devices.subscribe(another, 1);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(service.management("/actuator/health/readiness"))
                            .contains("Kafka for clients")
                            .contains("\"status\":\"DEGRADED\""));
            publish(devices, device, ids.subList(30, 40));
            outage.end(cluster);

            // Then
            var topic = new ClientTopic(device, devices.subscription(device));
            assertThat(read(cluster, new TopicPartition(topic.name(), 0), ids.size()))
                    .isEqualTo(ids);
            awaitActive(devices, another);
            service.awaitReady();
        }
    }

    @ParameterizedTest
    @EnumSource(Outage.class)
    void eventsOfATenant_waitForTheClientsCluster_andNoneIsLost(Outage outage) {
        var group = "outage-tenant-" + outage;
        try (var fireblocks = FakeFireblocks.start();
                var cluster = LocalKafka.startPausable();
                var devices = new KafkaDevices(SharedStack.get().connection(), "kafka-tenant");
                var service = RunningChannel.begin(
                                fireblocks,
                                SharedStack.get().connection(),
                                "--server.port=0",
                                "--relay.channel.kafka.tenants.acme.partitions=3",
                                "--relay.channel.kafka.tenant-group=" + group,
                                "--relay.channel.kafka.bootstrap-servers=" + cluster.bootstrapServers(),
                                "--relay.channel.kafka.replication-factor=1",
                                "--relay.channel.kafka.min-insync-replicas=1",
                                "--relay.channel.kafka.acls=false")
                        .awaitReady()) {
            // Given
            devices.awaitGroup(group);
            var device = devices.registerFor("acme");
            var ids = IntStream.range(0, 30).mapToObj(i -> "event-" + i).toList();
            publish(devices, device, ids.subList(0, 10));

            // When
            outage.begin(cluster);
            publish(devices, device, ids.subList(10, 30));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(service.management("/actuator/health/readiness"))
                            .contains("\"kafka-tenant\":\"Kafka for clients")
                            .contains("\"status\":\"DEGRADED\""));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(service.management("/actuator/prometheus"))
                            .containsPattern("relay_channel_lag_records\\{kind=\"kafka-tenant\"} [1-9]"));
            outage.end(cluster);

            // Then
            int partition = DevicePartition.of(device, 3);
            assertThat(read(cluster, new TopicPartition(new TenantTopic("acme").name(), partition), ids.size()))
                    .isEqualTo(ids);
            service.awaitReady();
        }
    }

    private static void publish(KafkaDevices devices, String device, List<String> ids) {
        ids.forEach(id -> assertThat(devices.publish(device, id, "{}")).succeedsWithin(SOON));
    }

    private static void awaitActive(KafkaDevices devices, String device) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(devices.state(device))
                        .hasValueSatisfying(
                                state -> assertThat(state.getState()).isEqualTo("active")));
    }

    /** The first ids of the partition, each once. */
    private static List<String> read(LocalKafka cluster, TopicPartition partition, int count) {
        var ids = new ArrayList<String>();
        try (var consumer =
                new KafkaConsumer<String, byte[]>(cluster.connection().shortLivedConsumer("client"))) {
            var partitions = List.of(partition);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + SOON.toNanos();
            while (ids.size() < count && System.nanoTime() - deadline < 0) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    var id = JsonMapper.shared()
                            .readTree(record.value())
                            .path("id")
                            .asString();
                    if (!ids.contains(id)) {
                        ids.add(id);
                    }
                }
            }
        }
        return ids;
    }
}
