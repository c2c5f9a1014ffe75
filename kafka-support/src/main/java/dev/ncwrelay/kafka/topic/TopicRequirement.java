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
 * A topic as it must be on the broker.
 *
 * @param compacted true when only the last record of each key counts and is kept for ever
 * @param retention how long records stay at least; ignored where {@code compacted}
 * @param maxMessageBytes the largest batch that must be taken
 */
public record TopicRequirement(
        String name, int partitions, boolean compacted, Duration retention, int maxMessageBytes) {

    /** Kafka's own default, which is enough for records that hold identifiers and times only. */
    private static final int MAX_SMALL_BATCH_BYTES = 1024 * 1024;

    /** Dead letters are few and unordered; one partition reads simply. */
    private static final int DEAD_LETTER_PARTITIONS = 1;

    /** Whether a record's partition follows from its key; that of a dead letter means nothing. */
    boolean keyed() {
        return !name.endsWith(".dlt");
    }

    /** All topics of the relay, dead letters included. */
    static List<TopicRequirement> all(int partitions) {
        var records = Topics.all().stream().map(topic -> of(topic, partitions));
        var deadLetters = Stream.concat(
                        Topics.all().stream().map(Topic::deadLetters), Stream.of(Topics.WEBHOOK_DEAD_LETTERS))
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

    /** The topic to be created, with the broker's own replication on a development broker. */
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
        config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(kafka.minInsyncReplicas()));
        return new NewTopic(name, partitions, kafka.replicationFactor()).configs(config);
    }

    /** What of the topic, as it is on the broker, may lose records. */
    List<String> faults(TopicDescription found, Config settings, KafkaConnection kafka) {
        var faults = new ArrayList<String>();
        int replicas = found.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        if (replicas < kafka.replicationFactor()) {
            faults.add(
                    fault("replication factor", Integer.toString(replicas), "at least " + kafka.replicationFactor()));
        }
        expect(settings, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, kafka.minInsyncReplicas(), faults);
        expect(settings, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, maxMessageBytes, faults);
        expect(settings, TopicConfig.CLEANUP_POLICY_CONFIG, policy(), faults);
        // An unclean leader has not all that was acknowledged.
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

    private void expect(Config settings, String key, long least, List<String> faults) {
        expect(settings, key, "at least " + least, value -> value >= least, faults);
    }

    private void expect(Config settings, String key, String expected, LongPredicate enough, List<String> faults) {
        var value = value(settings, key);
        if (!value.matches("-?\\d{1,19}") || !enough.test(Long.parseLong(value))) {
            faults.add(fault(key, value, expected));
        }
    }

    private String fault(String key, String value, String expected) {
        return name + ": " + key + " is " + value + ", expected " + expected;
    }

    private static String value(Config settings, String key) {
        var entry = settings.get(key);
        return entry == null || entry.value() == null ? "not known" : entry.value();
    }
}
