package dev.ncwrelay.kafka.topic;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the relay's topics and checks existing ones. */
public final class TopicProvisioning {

    private TopicProvisioning() {}

    /**
     * Creates the topics that do not exist yet and does not change existing ones.
     *
     * @throws ExecutionException when the broker rejects a topic, except because it exists
     */
    public static void create(Admin admin, KafkaConnection kafka) throws ExecutionException, InterruptedException {
        var topics = TopicRequirement.all(kafka.partitions()).stream()
                .map(requirement -> requirement.create(kafka))
                .toList();
        for (var creation : admin.createTopics(topics).values().values()) {
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
     * Compares the broker's topics with the requirements.
     *
     * @param serviceTopics further topics, which the service creates itself: checked if they exist, not required to exist.
     *     Called with the descriptions of the relay's topics.
     * @throws ExecutionException when the broker is unavailable
     */
    public static TopicCheck check(
            Admin admin,
            KafkaConnection kafka,
            Function<Map<String, TopicDescription>, List<TopicRequirement>> serviceTopics)
            throws ExecutionException, InterruptedException {
        var needs = TopicRequirement.all(kafka.partitions());
        var found = describe(admin, needs);
        var missing = needs.stream()
                .map(TopicRequirement::name)
                .filter(name -> !found.containsKey(name))
                .toList();
        var wrong = otherPartitions(needs, found);
        if (!wrong.isEmpty()) {
            return new TopicCheck.Mismatched("relay.kafka.partitions is " + kafka.partitions() + ", but on the broker "
                    + String.join(", ", wrong));
        }
        if (!missing.isEmpty()) {
            return new TopicCheck.Missing(missing);
        }
        var all = new ArrayList<>(needs);
        all.addAll(serviceTopics.apply(found));
        found.putAll(describe(admin, all.subList(needs.size(), all.size())));
        var faults = faults(admin, kafka, all, found);
        return faults.isEmpty() ? new TopicCheck.Matching() : new TopicCheck.Undurable(faults);
    }

    private static List<String> otherPartitions(List<TopicRequirement> needs, Map<String, TopicDescription> found) {
        var wrong = new ArrayList<String>();
        for (var requirement : needs) {
            var topic = found.get(requirement.name());
            if (topic != null && requirement.keyed() && topic.partitions().size() != requirement.partitions()) {
                wrong.add(requirement.name() + " has " + topic.partitions().size());
            }
        }
        return wrong;
    }

    private static List<String> faults(
            Admin admin, KafkaConnection kafka, List<TopicRequirement> needs, Map<String, TopicDescription> found)
            throws ExecutionException, InterruptedException {
        var resources = found.keySet().stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        var settings = admin.describeConfigs(resources).all().get();
        var faults = new ArrayList<String>();
        for (var requirement : needs) {
            var topic = found.get(requirement.name());
            var its = settings.get(new ConfigResource(ConfigResource.Type.TOPIC, requirement.name()));
            if (topic != null && its != null) {
                faults.addAll(requirement.faults(topic, its, kafka));
            }
        }
        return faults;
    }

    /** Descriptions of the topics that exist. */
    private static Map<String, TopicDescription> describe(Admin admin, List<TopicRequirement> needs)
            throws ExecutionException, InterruptedException {
        var found = new LinkedHashMap<String, TopicDescription>();
        var names = needs.stream().map(TopicRequirement::name).toList();
        for (var description : admin.describeTopics(names).topicNameValues().entrySet()) {
            try {
                found.put(description.getKey(), description.getValue().get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return found;
    }
}
