package dev.ncwrelay.schemas.kafka;

import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The relay's topics as they must be on the broker: creates them, and checks that they are so. */
public final class TopicSetup {

    /** Dead letters are few and unordered; one partition reads simply. */
    private static final int DEAD_LETTER_PARTITIONS = 1;

    private static final String MAX_MESSAGE_BYTES = Integer.toString(6 * 1024 * 1024);

    private TopicSetup() {}

    /**
     * Creates the topics that do not exist yet and leaves the others as they are.
     *
     * @throws ExecutionException when the broker refuses for another reason than that a topic exists
     */
    public static void create(Admin admin, int partitions, short replication)
            throws ExecutionException, InterruptedException {
        for (var creation :
                admin.createTopics(all(partitions, replication)).values().values()) {
            try {
                creation.get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    /**
     * Compares the broker's topics with what they must be.
     *
     * @throws ExecutionException when the broker cannot be asked
     */
    public static TopicCheck check(Admin admin, int partitions) throws ExecutionException, InterruptedException {
        var names = Topics.all().stream().map(Topic::name).toList();
        var missing = new ArrayList<String>();
        var wrong = new ArrayList<String>();
        for (var description : admin.describeTopics(names).topicNameValues().entrySet()) {
            var name = description.getKey();
            try {
                int actual = description.getValue().get().partitions().size();
                if (actual != partitions) {
                    wrong.add(name + " has " + actual);
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
                missing.add(name);
            }
        }
        if (!wrong.isEmpty()) {
            return new TopicCheck.Mismatched(
                    "relay.kafka.partitions is " + partitions + ", but on the broker " + String.join(", ", wrong));
        }
        return missing.isEmpty() ? new TopicCheck.Matching() : new TopicCheck.Missing(missing);
    }

    private static List<NewTopic> all(int partitions, short replication) {
        var records = Topics.all().stream()
                .map(topic -> new NewTopic(topic.name(), partitions, replication).configs(policy(topic)));
        var deadLetters = Stream.concat(
                        Topics.all().stream().map(Topic::deadLetters), Stream.of(Topics.WEBHOOK_DEAD_LETTERS))
                .map(name -> new NewTopic(name, DEAD_LETTER_PARTITIONS, replication).configs(deadLetterPolicy()));
        return Stream.concat(records, deadLetters).collect(Collectors.toList());
    }

    private static Map<String, String> policy(Topic<?> topic) {
        if (topic.compacted()) {
            return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        }
        return Map.of(
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(topic.retention().toMillis()),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                MAX_MESSAGE_BYTES);
    }

    private static Map<String, String> deadLetterPolicy() {
        return Map.of(
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(Topics.DEAD_LETTER_RETENTION.toMillis()),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                MAX_MESSAGE_BYTES);
    }
}
