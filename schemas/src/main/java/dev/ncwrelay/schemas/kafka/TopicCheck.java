package dev.ncwrelay.schemas.kafka;

import java.util.List;

/** How the broker's topics compare with what the relay needs. */
public sealed interface TopicCheck {

    /** All are there, with the configured number of partitions. */
    record Matching() implements TopicCheck {}

    /** Some do not exist yet; somebody may be creating them. */
    record Missing(List<String> topics) implements TopicCheck {
        public Missing {
            topics = List.copyOf(topics);
        }
    }

    /** Some have another number of partitions: order and cursors would break, so nothing may run. */
    record Mismatched(String reason) implements TopicCheck {}
}
