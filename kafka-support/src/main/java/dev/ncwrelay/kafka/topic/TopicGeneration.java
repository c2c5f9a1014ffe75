package dev.ncwrelay.kafka.topic;

import org.apache.kafka.clients.admin.TopicDescription;

/**
 * The generation of a topic, derived from its id: a topic that was deleted and created again has another one, and offsets of
 * the former mean nothing. Records of several services have it.
 */
public final class TopicGeneration {

    private TopicGeneration() {}

    public static int of(TopicDescription topic) {
        return topic.topicId().hashCode();
    }
}
