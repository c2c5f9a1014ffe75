package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.kafka.tail.TopicTail;
import java.util.List;
import java.util.Optional;

/**
 * The tails of a feature; none where it is not configured.
 *
 * @param content what their topics hold, for people
 */
record FeatureTails(String content, List<TopicTail<?>> tails) {

    /** Why the content is not loaded yet, human-readable; empty when it is. */
    Optional<String> notLoadedReason() {
        return tails.stream().allMatch(TopicTail::isCaughtUp)
                ? Optional.empty()
                : Optional.of(content + " not loaded yet"
                        + failure().map(cause -> ": " + cause).orElse(""));
    }

    /** Why nothing can be read now, human-readable; empty when healthy. */
    Optional<String> failure() {
        return tails.stream().flatMap(tail -> tail.failure().stream()).findFirst();
    }
}
