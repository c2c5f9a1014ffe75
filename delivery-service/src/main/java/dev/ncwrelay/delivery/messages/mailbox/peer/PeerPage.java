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
 * A {@link StoredPage} as JSON between nodes; the names of the components are those of the JSON members.
 *
 * @param gone true for {@link StoredPage.Gone}; then {@code upTo} is its {@code earliest}
 * @param offsets the offsets of {@link StoredPage.Offsets}; null for other pages
 * @param metadata the messages of {@link StoredPage.Metadata}; null for other pages
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PeerPage(
        boolean gone,
        boolean trimmed,
        long upTo,
        boolean more,
        List<Entry> events,
        @Nullable Map<String, Long> offsets,
        @Nullable List<EventMetadata> metadata) {

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
            case StoredPage.Metadata(var messages, long upTo, boolean more) ->
                new PeerPage(false, false, upTo, more, List.of(), null, messages);
            case StoredPage.Gone(boolean trimmed, long earliest) ->
                new PeerPage(true, trimmed, earliest, false, List.of(), null, null);
        };
    }

    StoredPage page() {
        if (gone) {
            return new StoredPage.Gone(trimmed, upTo);
        }
        if (offsets != null) {
            return new StoredPage.Offsets(offsets, upTo);
        }
        if (metadata != null) {
            return new StoredPage.Metadata(metadata, upTo, more);
        }
        return new StoredPage.Events(
                events.stream()
                        .map(entry -> new StoredEvent(entry.offset(), entry.writtenAt(), entry.record()))
                        .toList(),
                upTo,
                more);
    }
}
