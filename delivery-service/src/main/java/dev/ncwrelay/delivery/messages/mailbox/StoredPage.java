package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.feed.EventMetadata;
import java.util.List;
import java.util.Map;

/** What a mailbox answers, still in wire format. */
public sealed interface StoredPage {

    /**
     * Events after the position asked for.
     *
     * @param upTo offset up to which the reader has now seen everything
     * @param more true when there is more after {@code upTo} that could have been answered
     */
    record Events(List<StoredEvent> events, long upTo, boolean more) implements StoredPage {
        public Events {
            events = List.copyOf(events);
        }
    }

    /**
     * Where messages are.
     *
     * @param offsets by event id
     * @param upTo how far the stream has been read
     */
    record Offsets(Map<String, Long> offsets, long upTo) implements StoredPage {
        public Offsets {
            offsets = Map.copyOf(offsets);
        }
    }

    /** Messages after the position asked for, without what they say; the rest as in {@link Events}. */
    record Metadata(List<EventMetadata> outlines, long upTo, boolean more) implements StoredPage {
        public Metadata {
            outlines = List.copyOf(outlines);
        }
    }

    /** Something after the position is gone; {@code earliest} is the lowest offset to claim. */
    record Gone(boolean trimmed, long earliest) implements StoredPage {}
}
