package dev.ncwrelay.delivery.messages.ack;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.messages.feed.Event;
import org.jspecify.annotations.Nullable;

/** The name of a device's consumer; empty for the unnamed one. */
public final class ConsumerName {

    private ConsumerName() {}

    /**
     * Returns the name, or the empty name for null.
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

    /**
     * Whether the consumer receives this message: a message for one installation is received by the consumer with that
     * name and by the unnamed consumer.
     */
    public static boolean receives(String consumer, Event event) {
        return receives(consumer, event.physicalDeviceId());
    }

    /** The same for a message for this installation; null means all installations. */
    public static boolean receives(String consumer, @Nullable String physicalDeviceId) {
        return physicalDeviceId == null || consumer.isEmpty() || consumer.equals(physicalDeviceId);
    }
}
