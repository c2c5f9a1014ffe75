package dev.ncwrelay.delivery.messages.ack;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.problem.Problem;
import org.jspecify.annotations.Nullable;

/** The name of one of several independent readers of a device; empty for the one that has none. */
public final class ConsumerName {

    private ConsumerName() {}

    /**
     * The name, or the empty one for null.
     *
     * @throws org.springframework.web.ErrorResponseException 400 when it is no name
     */
    public static String checked(@Nullable String name) {
        if (name == null) {
            return "";
        }
        if (!name.matches("[A-Za-z0-9._:-]{1,128}")) {
            throw Problem.badRequest("consumer must be 1 to 128 characters of A-Z a-z 0-9 . _ : -");
        }
        return name;
    }

    /** Whether a message is for this consumer: one for a single installation is for the consumer of that name. */
    public static boolean receives(String consumer, Event event) {
        return receives(consumer, event.physicalDeviceId());
    }

    /** Whether what is for this installation, null for all, is for this consumer. */
    public static boolean receives(String consumer, @Nullable String physical) {
        return physical == null || consumer.isEmpty() || consumer.equals(physical);
    }
}
