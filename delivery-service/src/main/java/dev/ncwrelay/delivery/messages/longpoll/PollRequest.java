package dev.ncwrelay.delivery.messages.longpoll;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A validated poll.
 *
 * @param consumer the consumer's name, empty for the unnamed one
 * @param after where to continue; null for the acknowledged position
 * @param types only messages of these types; all if empty
 */
record PollRequest(
        String consumer, @Nullable String after, Duration timeout, int limit, long maxBytes, Set<String> types) {
    PollRequest {
        types = Set.copyOf(types);
    }
}
