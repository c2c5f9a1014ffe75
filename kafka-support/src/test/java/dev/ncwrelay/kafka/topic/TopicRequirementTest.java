package dev.ncwrelay.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicRequirementTest {

    private static final KafkaConnection KAFKA = KafkaConnection.to("b:9092", 2);
    private static final TopicRequirement KEPT = new TopicRequirement("kept", 2, false, Duration.ofDays(7), 6_291_456);
    private static final TopicRequirement COMPACTED =
            new TopicRequirement("compacted", 2, true, Duration.ZERO, 1_048_576);
    private static final Map<String, String> RIGHT = Map.of(
            "cleanup.policy", "delete",
            "min.insync.replicas", "2",
            "max.message.bytes", "6291456",
            "retention.ms", "604800000",
            "retention.bytes", "-1",
            "unclean.leader.election.enable", "false");

    @Test
    void faults_ofCreatedTopics_areEmpty() {
        for (var requirement : TopicRequirement.all(2)) {
            var made = requirement.create(KAFKA);
            var settings = new HashMap<>(RIGHT);
            settings.put("retention.ms", "-1");
            settings.putAll(made.configs());

            assertThat(requirement.faults(topic(made.replicationFactor()), config(settings), KAFKA))
                    .as(requirement.name())
                    .isEmpty();
        }
    }

    @Test
    void all_hasEveryTopic() {
        assertThat(TopicRequirement.all(2))
                .extracting(TopicRequirement::name)
                .hasSize(2 * Topics.all().size() + 1)
                .contains("ncw.devices", "ncw.devices.dlt", "ncw.webhooks.dlt");
    }

    /** Its headers are added to those of the original record. */
    @Test
    void all_allowsDeadLettersLargerThanAnyRecord() {
        var needs = TopicRequirement.all(2);
        int largest = needs.stream()
                .filter(TopicRequirement::keyed)
                .mapToInt(TopicRequirement::maxMessageBytes)
                .max()
                .orElseThrow();
        var deadLetters =
                needs.stream().filter(requirement -> !requirement.keyed()).map(TopicRequirement::maxMessageBytes);

        assertThat(deadLetters).isNotEmpty().allMatch(bytes -> bytes > largest);
        assertThat(KAFKA.producer("test"))
                .containsEntry("max.request.size", needs.getLast().maxMessageBytes());
    }

    @Test
    void create_onADevelopmentBroker_usesItsReplication() {
        var made = KEPT.create(KafkaConnection.toDevelopmentBroker("b:9092", 2, Map.of()));

        assertThat(made.replicationFactor()).isEqualTo((short) -1);
        assertThat(made.configs()).doesNotContainKey("min.insync.replicas");
    }

    @ParameterizedTest
    @CsvSource({
        "cleanup.policy, compact, delete",
        "cleanup.policy, 'compact,delete', delete",
        "min.insync.replicas, 1, at least 2",
        "max.message.bytes, 1048588, at least 6291456",
        "retention.ms, 86400000, -1 or at least 604800000",
        "retention.bytes, 1073741824, -1",
        "unclean.leader.election.enable, true, false"
    })
    void faults_nameASettingThatMayLoseRecords_withItsValue(String key, String value, String expected) {
        var settings = new HashMap<>(RIGHT);
        settings.put(key, value);

        assertThat(KEPT.faults(topic(3), config(settings), KAFKA))
                .containsExactly("kept: " + key + " is " + value + ", expected " + expected);
    }

    @Test
    void faults_haveACompactedTopicThatIsDeletedFrom() {
        assertThat(COMPACTED.faults(topic(3), config(RIGHT), KAFKA))
                .containsExactly("compacted: cleanup.policy is delete, expected compact");
    }

    @Test
    void faults_haveTooFewReplicas() {
        assertThat(KEPT.faults(topic(1), config(RIGHT), KAFKA))
                .containsExactly("kept: replication factor is 1, expected at least 3");
    }

    private static TopicDescription topic(int replicas) {
        var nodes = IntStream.range(0, replicas)
                .mapToObj(id -> new Node(id, "b" + id, 9092))
                .toList();
        var partition = new TopicPartitionInfo(0, nodes.getFirst(), nodes, nodes);
        return new TopicDescription("found", false, List.of(partition));
    }

    private static Config config(Map<String, String> settings) {
        return new Config(settings.entrySet().stream()
                .map(setting -> new ConfigEntry(setting.getKey(), setting.getValue()))
                .toList());
    }
}
