package dev.ncwrelay.delivery.messages.mailbox.peer;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ncwrelay.delivery.messages.feed.EventMetadata;
import dev.ncwrelay.delivery.messages.mailbox.StoredEvent;
import dev.ncwrelay.delivery.messages.mailbox.StoredPage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page as one node answers it to another.
 *
 * @param gone true when something after the position is gone; then {@code upTo} is the earliest position
 * @param places of messages, by event id; null unless these were asked for
 * @param outlines null unless these were asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PeerPage(
        boolean gone,
        boolean trimmed,
        long upTo,
        boolean more,
        List<Entry> events,
        @Nullable Map<String, Long> places,
        @Nullable List<EventMetadata> outlines) {

    PeerPage {
        events = List.copyOf(events);
    }

    /** An event; the record is base64 in JSON. */
    record Entry(long offset, long writtenAt, ByteBuffer record) {}

    static PeerPage of(StoredPage page) {
        return switch (page) {
            case StoredPage.Events found ->
                new PeerPage(
                        false,
                        false,
                        found.upTo(),
                        found.more(),
                        found.events().stream()
                                .map(event -> new Entry(event.offset(), event.writtenAt(), event.record()))
                                .toList(),
                        null,
                        null);
            case StoredPage.Offsets(var offsets, long upTo) ->
                new PeerPage(false, false, upTo, false, List.of(), offsets, null);
            case StoredPage.Metadata(var outlines, long upTo, boolean more) ->
                new PeerPage(false, false, upTo, more, List.of(), null, outlines);
            case StoredPage.Gone(boolean trimmed, long earliest) ->
                new PeerPage(true, trimmed, earliest, false, List.of(), null, null);
        };
    }

    StoredPage page() {
        if (gone) {
            return new StoredPage.Gone(trimmed, upTo);
        }
        if (places != null) {
            return new StoredPage.Offsets(places, upTo);
        }
        if (outlines != null) {
            return new StoredPage.Metadata(outlines, upTo, more);
        }
        return new StoredPage.Events(
                events.stream()
                        .map(entry -> new StoredEvent(entry.offset(), entry.writtenAt(), entry.record()))
                        .toList(),
                upTo,
                more);
    }
}
