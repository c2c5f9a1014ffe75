package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.tail.LogReader;
import dev.ncwrelay.schemas.TenantTopic;
import dev.ncwrelay.testkit.kafka.KafkaCluster;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.databind.json.JsonMapper;

/** The topics on a cluster of several brokers, and what is in them. */
final class ClientClusterTopics implements AutoCloseable {

    private static final Duration SOON = Duration.ofMinutes(2);

    private final KafkaCluster cluster;
    private final Admin admin;

    ClientClusterTopics(KafkaCluster cluster) {
        this.cluster = cluster;
        this.admin = Admin.create(cluster.connection().admin("test"));
    }

    /** Waits until so many brokers are known to be there. */
    void awaitBrokers(int count) {
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(admin.describeCluster().nodes().get()).hasSize(count));
    }

    /**
     * Creates the topic of a tenant.
     *
     * @param replicas the brokers of each partition
     */
    void create(String tenant, int minInsyncReplicas, List<List<Integer>> replicas) throws Exception {
        var assignments = new HashMap<Integer, List<Integer>>();
        replicas.forEach(brokers -> assignments.put(assignments.size(), brokers));
        var topic = new NewTopic(new TenantTopic(tenant).name(), assignments)
                .configs(Map.of("min.insync.replicas", Integer.toString(minInsyncReplicas)));
        admin.createTopics(List.of(topic)).all().get();
    }

    /** Moves a topic to these brokers. */
    void place(String topic, List<Integer> brokers) throws Exception {
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

    /** What is in the partitions that have a leader: by device, each id once. */
    Map<String, SequencedSet<String>> received(List<String> topics) throws Exception {
        var ids = new HashMap<String, SequencedSet<String>>();
        var partitions = admin.describeTopics(topics).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .filter(partition -> partition.leader() != null)
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
        try (var consumer =
                new KafkaConsumer<String, byte[]>(cluster.connection().shortLivedConsumer("client"))) {
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

    @Override
    public void close() {
        admin.close();
    }
}
