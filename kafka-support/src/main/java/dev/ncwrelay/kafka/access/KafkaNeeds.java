package dev.ncwrelay.kafka.access;

import dev.ncwrelay.kafka.topic.TopicRequirement;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * What a service cannot work without.
 *
 * @param access to the relay's topics, which must exist
 * @param own what the service has for itself
 */
public record KafkaNeeds(KafkaAccess access, OwnNeeds own) {

    /** What depends on the descriptions of the relay's topics. */
    @FunctionalInterface
    public interface OwnNeeds {
        Own of(Map<String, TopicDescription> topics);
    }

    /**
     * What a service has for itself.
     *
     * @param topics which it creates: compared with their requirements once they exist
     * @param access to these topics and to its groups
     */
    public record Own(List<TopicRequirement> topics, KafkaAccess access) {
        public Own {
            topics = List.copyOf(topics);
        }
    }

    /** Of a service without topics of its own. */
    static final OwnNeeds NOTHING_OF_ITS_OWN = _ -> new Own(List.of(), KafkaAccess.none());

    public static KafkaNeeds of(KafkaAccess access) {
        return new KafkaNeeds(access, NOTHING_OF_ITS_OWN);
    }
}
