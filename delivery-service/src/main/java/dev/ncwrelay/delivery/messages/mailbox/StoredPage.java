package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.feed.EventMetadata;
import java.util.List;
import java.util.Map;

/** Result of a mailbox query; events are still in wire format. */
public sealed interface StoredPage {

    /**
     * Events after the position of the query.
     *
     * @param upTo offset up to which the reader has now seen everything
     * @param more true when the replica has more events after {@code upTo}
     */
    record Events(List<StoredEvent> events, long upTo, boolean more) implements StoredPage {
        public Events {
            events = List.copyOf(events);
        }
    }

    /**
     * Offsets of messages.
     *
     * @param offsets by event id
     * @param upTo offset up to which the replica has read the stream
     */
    record Offsets(Map<String, Long> offsets, long upTo) implements StoredPage {
        public Offsets {
            offsets = Map.copyOf(offsets);
        }
    }

    /** Metadata of messages after the position of the query; otherwise as {@link Events}. */
    record Metadata(List<EventMetadata> messages, long upTo, boolean more) implements StoredPage {
        public Metadata {
            messages = List.copyOf(messages);
        }
    }

    /** Events after the position were removed; {@code earliest} is the lowest offset to continue after. */
    record Gone(boolean trimmed, long earliest) implements StoredPage {}
}
