package dev.ncwrelay.delivery.mailbox;

import java.util.List;

/** What a mailbox answers, still in wire format. */
sealed interface StoredPage {

    /**
     * Events after the position asked for.
     *
     * @param upTo offset up to which the reader has now seen everything
     * @param more true when there is more after {@code upTo} that could have been answered
     */
    record Found(List<StoredEvent> events, long upTo, boolean more) implements StoredPage {
        public Found {
            events = List.copyOf(events);
        }
    }

    /** Something after the position is gone; {@code earliest} is the lowest offset to claim. */
    record Gone(boolean trimmed, long earliest) implements StoredPage {}
}
