package dev.ncwrelay.kafka.access;

import dev.ncwrelay.kafka.topic.TopicRequirement;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * What a service cannot work without.
 *
 * @param access to the relay's topics, which must exist
 * @param internalTopics the topics that the service creates for itself
 */
public record KafkaNeeds(KafkaAccess access, InternalTopicsLookup internalTopics) {

    /** The internal topics, which depend on the descriptions of the relay's topics. */
    @FunctionalInterface
    public interface InternalTopicsLookup {
        InternalTopics of(Map<String, TopicDescription> topics);
    }

    /**
     * The topics that a service creates for itself, like those of Kafka Streams, and the groups that read them.
     *
     * @param topics compared with their requirements once they exist
     * @param access to these topics and to its groups
     */
    public record InternalTopics(List<TopicRequirement> topics, KafkaAccess access) {
        public InternalTopics {
            topics = List.copyOf(topics);
        }
    }

    /** Of a service that creates no topics. */
    static final InternalTopicsLookup NO_INTERNAL_TOPICS = _ -> new InternalTopics(List.of(), KafkaAccess.none());

    public static KafkaNeeds of(KafkaAccess access) {
        return new KafkaNeeds(access, NO_INTERNAL_TOPICS);
    }
}
