package dev.ncwrelay.delivery.messages.longpoll;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ncwrelay.delivery.messages.ack.ConsumerName;
import dev.ncwrelay.delivery.problem.Problem;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends with a poll; everything is optional.
 *
 * @param consumer a name for one of several independent readers of a device
 * @param ack cursor up to which messages are acknowledged
 * @param after where to continue; default the acknowledged position
 * @param waitSeconds how long to wait for a message, 0 to 50; default 25
 * @param limit maximum number of messages, 1 to 100; default 50
 * @param maxBytes maximum bytes of data, but always one message; default 1 MiB
 * @param types only messages of these types; others are skipped
 */
record PollBody(
        @Nullable String consumer,
        @Nullable String ack,
        @Nullable String after,
        @JsonProperty("wait") @Nullable Integer waitSeconds,
        @Nullable Integer limit,
        @Nullable Integer maxBytes,
        @Nullable Set<String> types) {

    private static final int DEFAULT_WAIT = 25;
    private static final int DEFAULT_LIMIT = 50;
    private static final int DEFAULT_BYTES = 1024 * 1024;
    private static final int MAX_BYTES = 8 * 1024 * 1024;

    static PollBody empty() {
        return new PollBody(null, null, null, null, null, null, null);
    }

    /**
     * Checks the values and fills in the defaults.
     *
     * @throws org.springframework.web.ErrorResponseException 400 naming the allowed range
     */
    PollRequest checked() {
        if (types != null && types.stream().anyMatch(Objects::isNull)) {
            throw Problem.badRequest("types must be names of event types");
        }
        return new PollRequest(
                ConsumerName.checked(consumer),
                after,
                Duration.ofSeconds(inRange("wait", waitSeconds, 0, 50, DEFAULT_WAIT)),
                inRange("limit", limit, 1, 100, DEFAULT_LIMIT),
                inRange("maxBytes", maxBytes, 1, MAX_BYTES, DEFAULT_BYTES),
                types == null ? Set.of() : types);
    }

    private static int inRange(String name, @Nullable Integer value, int min, int max, int defaultValue) {
        if (value == null) {
            return defaultValue;
        }
        if (value < min || value > max) {
            throw Problem.badRequest(name + " must be " + min + " to " + max + ", not " + value);
        }
        return value;
    }
}
