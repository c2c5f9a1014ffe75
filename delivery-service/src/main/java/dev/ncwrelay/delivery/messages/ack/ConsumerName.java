package dev.ncwrelay.delivery.messages.ack;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.messages.feed.Event;
import org.jspecify.annotations.Nullable;

/** The name of one of several independent readers of a device; empty for the one that has none. */
public final class ConsumerName {

    private ConsumerName() {}

    /**
     * The name, or the empty one for null.
     *
     * @throws FailureException when the name is not valid
     */
    public static String checked(@Nullable String name) {
        if (name == null) {
            return "";
        }
        if (!name.matches("[A-Za-z0-9._:-]{1,128}")) {
            throw new Failure.InvalidRequest("consumer must be 1 to 128 characters of A-Z a-z 0-9 . _ : -").exception();
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
