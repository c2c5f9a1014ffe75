package dev.ncwrelay.kafka.topic;

import java.util.List;

/** Result of comparing the broker's topics with the requirements. */
public sealed interface TopicCheck {

    /** All topics exist and meet the requirements. */
    record Matching() implements TopicCheck {}

    /** Some topics do not exist yet. */
    record Missing(List<String> topics) implements TopicCheck {
        public Missing {
            topics = List.copyOf(topics);
        }
    }

    /** Some topics have another number of partitions: order and cursors would break. */
    record Mismatched(String reason) implements TopicCheck {}

    /** Some topics may lose records; each fault has the topic, the key, its value and the expected value. */
    record Undurable(List<String> faults) implements TopicCheck {
        public Undurable {
            faults = List.copyOf(faults);
        }
    }
}
