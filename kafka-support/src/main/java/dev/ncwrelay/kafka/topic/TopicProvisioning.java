package dev.ncwrelay.kafka.topic;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicAuthorizationException;
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
        for (var creation : admin.createTopics(topics).values().entrySet()) {
            try {
                answer(creation.getValue(), AclOperation.CREATE, creation.getKey());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    /** Compares all topics of the relay on the broker with the requirements. */
    public static TopicCheck check(Admin admin, KafkaConnection kafka) throws ExecutionException, InterruptedException {
        return check(admin, kafka, TopicRequirement.all(kafka.partitions()), _ -> List.of());
    }

    /**
     * Compares topics of the broker with the requirements.
     *
     * @param names of the relay's topics to compare
     * @param serviceTopics further topics, which the service creates itself: checked if they exist, not required to exist.
     *     Called with the descriptions of the relay's topics.
     * @throws ExecutionException when the broker is unavailable
     */
    public static TopicCheck check(
            Admin admin,
            KafkaConnection kafka,
            Set<String> names,
            Function<Map<String, TopicDescription>, List<TopicRequirement>> serviceTopics)
            throws ExecutionException, InterruptedException {
        var needs = TopicRequirement.all(kafka.partitions()).stream()
                .filter(requirement -> names.contains(requirement.name()))
                .toList();
        return check(admin, kafka, needs, serviceTopics);
    }

    private static TopicCheck check(
            Admin admin,
            KafkaConnection kafka,
            List<TopicRequirement> needs,
            Function<Map<String, TopicDescription>, List<TopicRequirement>> serviceTopics)
            throws ExecutionException, InterruptedException {
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
        var settings = admin.describeConfigs(resources).values();
        var faults = new ArrayList<String>();
        for (var requirement : needs) {
            var topic = found.get(requirement.name());
            var its = settings.get(new ConfigResource(ConfigResource.Type.TOPIC, requirement.name()));
            if (topic != null && its != null) {
                var config = answer(its, AclOperation.DESCRIBE_CONFIGS, requirement.name());
                faults.addAll(requirement.faults(topic, config, kafka));
            }
        }
        return faults;
    }

    /** The broker's answer; a refusal has the name of the topic, which Kafka leaves out. */
    private static <T> T answer(KafkaFuture<T> asked, AclOperation operation, String topic)
            throws ExecutionException, InterruptedException {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicAuthorizationException) {
                var refusal = "may not " + operation + " topic " + topic;
                throw new ExecutionException(new TopicAuthorizationException(refusal, Set.of(topic)));
            }
            throw e;
        }
    }

    /** Descriptions of the topics that exist. */
    private static Map<String, TopicDescription> describe(Admin admin, List<TopicRequirement> needs)
            throws ExecutionException, InterruptedException {
        var found = new LinkedHashMap<String, TopicDescription>();
        var names = needs.stream().map(TopicRequirement::name).toList();
        for (var description : admin.describeTopics(names).topicNameValues().entrySet()) {
            try {
                var name = description.getKey();
                found.put(name, answer(description.getValue(), AclOperation.DESCRIBE, name));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return found;
    }
}
