package dev.ncwrelay.kafka.topic;

import java.util.List;

/** How the broker's topics compare with what the relay needs. */
public sealed interface TopicCheck {

    /** All are there, and as they must be. */
    record Matching() implements TopicCheck {}

    /** Some do not exist yet; somebody may be creating them. */
    record Missing(List<String> topics) implements TopicCheck {
        public Missing {
            topics = List.copyOf(topics);
        }
    }

    /** Some have another number of partitions: order and cursors would break, so nothing may run. */
    record Mismatched(String reason) implements TopicCheck {}

    /** Some may lose records; each fault names topic, key, value and what is expected. */
    record Undurable(List<String> faults) implements TopicCheck {
        public Undurable {
            faults = List.copyOf(faults);
        }
    }
}
