package dev.ncwrelay.kafka.topic;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The required properties of a topic on the broker.
 *
 * @param compacted true when the last record of each key is kept without limit
 * @param retention minimum retention; ignored if {@code compacted}
 * @param maxMessageBytes the largest batch that the topic must accept
 */
public record TopicRequirement(
        String name, int partitions, boolean compacted, Duration retention, int maxMessageBytes) {

    /** Kafka's default, sufficient for records of identifiers and times. */
    private static final int MAX_SMALL_BATCH_BYTES = 1024 * 1024;

    /** Dead letters are few and unordered: one partition is simple to read. */
    private static final int DEAD_LETTER_PARTITIONS = 1;

    /** Whether the key of a record determines its partition; for dead letters it does not. */
    boolean keyed() {
        return !name.endsWith(".dlt");
    }

    /** All topics of the relay, dead letters included. */
    static List<TopicRequirement> all(int partitions) {
        var records = Topics.all().stream().map(topic -> of(topic, partitions));
        var deadLetters = Topics.deadLetters().stream()
                .map(name -> new TopicRequirement(
                        name,
                        DEAD_LETTER_PARTITIONS,
                        false,
                        Topics.DEAD_LETTER_RETENTION,
                        KafkaConnection.MAX_DEAD_LETTER_BYTES));
        return Stream.concat(records, deadLetters).toList();
    }

    private static TopicRequirement of(Topic<?> topic, int partitions) {
        int bytes = topic.compacted() ? MAX_SMALL_BATCH_BYTES : KafkaConnection.MAX_RECORD_BYTES;
        return new TopicRequirement(topic.name(), partitions, topic.compacted(), topic.retention(), bytes);
    }

    /** The topic to create; on a development broker with the broker's default replication. */
    NewTopic create(KafkaConnection kafka) {
        var config = new HashMap<String, String>();
        config.put(TopicConfig.CLEANUP_POLICY_CONFIG, policy());
        config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxMessageBytes));
        if (!compacted) {
            config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
        }
        if (kafka.developmentBroker()) {
            return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(config);
        }
        config.put(
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                Integer.toString(kafka.topics().minInsyncReplicas()));
        return new NewTopic(name, partitions, kafka.topics().replicationFactor()).configs(config);
    }

    /** Properties of the topic on the broker that may lose records. */
    List<String> faults(TopicDescription found, Config settings, KafkaConnection kafka) {
        var faults = new ArrayList<String>();
        int replicas = found.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        if (replicas < kafka.topics().replicationFactor()) {
            faults.add(fault(
                    "replication factor",
                    Integer.toString(replicas),
                    "at least " + kafka.topics().replicationFactor()));
        }
        expect(settings, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, kafka.topics().minInsyncReplicas(), faults);
        // A dead letter that such a topic does not take is written without its value.
        int required = Math.min(maxMessageBytes, KafkaConnection.MAX_RECORD_BYTES);
        expect(settings, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, required, faults);
        expect(settings, TopicConfig.CLEANUP_POLICY_CONFIG, policy(), faults);
        // An unclean leader may lack acknowledged records.
        expect(settings, TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false", faults);
        if (!compacted) {
            long millis = retention.toMillis();
            expect(
                    settings,
                    TopicConfig.RETENTION_MS_CONFIG,
                    "-1 or at least " + millis,
                    value -> value < 0 || value >= millis,
                    faults);
            expect(settings, TopicConfig.RETENTION_BYTES_CONFIG, "-1", value -> value < 0, faults);
        }
        return faults;
    }

    private String policy() {
        return compacted ? TopicConfig.CLEANUP_POLICY_COMPACT : TopicConfig.CLEANUP_POLICY_DELETE;
    }

    private void expect(Config settings, String key, String expected, List<String> faults) {
        var value = value(settings, key);
        if (!value.equals(expected)) {
            faults.add(fault(key, value, expected));
        }
    }

    private void expect(Config settings, String key, long min, List<String> faults) {
        expect(settings, key, "at least " + min, value -> value >= min, faults);
    }

    private void expect(Config settings, String key, String expected, LongPredicate valid, List<String> faults) {
        var value = value(settings, key);
        if (!value.matches("-?\\d{1,19}") || !valid.test(Long.parseLong(value))) {
            faults.add(fault(key, value, expected));
        }
    }

    private String fault(String key, String value, String expected) {
        return name + ": " + key + " is " + value + ", expected " + expected;
    }

    private static String value(Config settings, String key) {
        var entry = settings.get(key);
        return entry == null || entry.value() == null ? "unknown" : entry.value();
    }
}
