package dev.ncwrelay.delivery.mailbox;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A page as one node answers it to another.
 *
 * @param gone true when something after the position is gone; then {@code upTo} is the earliest position
 */
record PeerPage(boolean gone, boolean trimmed, long upTo, boolean more, List<Entry> events) {

    PeerPage {
        events = List.copyOf(events);
    }

    /** An event; the record is base64 in JSON. */
    record Entry(long offset, long writtenAt, ByteBuffer record) {}

    static PeerPage of(StoredPage page) {
        return switch (page) {
            case StoredPage.Found found ->
                new PeerPage(
                        false,
                        false,
                        found.upTo(),
                        found.more(),
                        found.events().stream()
                                .map(event -> new Entry(event.offset(), event.writtenAt(), event.record()))
                                .toList());
            case StoredPage.Gone(boolean trimmed, long earliest) ->
                new PeerPage(true, trimmed, earliest, false, List.of());
        };
    }

    StoredPage page() {
        if (gone) {
            return new StoredPage.Gone(trimmed, upTo);
        }
        return new StoredPage.Found(
                events.stream()
                        .map(entry -> new StoredEvent(entry.offset(), entry.writtenAt(), entry.record()))
                        .toList(),
                upTo,
                more);
    }
}
