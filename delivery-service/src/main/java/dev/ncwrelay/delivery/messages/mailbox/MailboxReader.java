package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.EventMetadata;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Reads a mailbox, or a copy that lags behind, while it is written. The order matters: progress first, because
 * everything before it is visible then; the header next, because only the events it covers are visible; the events
 * last, because they stay stored for a while after the header has removed them.
 */
final class MailboxReader {

    private static final int MAX_TRANSACTIONS = 1_000;
    private static final int MAX_PAGE_EVENTS = 500;
    private static final long MAX_PAGE_BYTES = 1024 * 1024;

    private static final int MAX_METADATA = 200;
    private static final long MAX_BYTES_READ = 4 * MAX_PAGE_BYTES;

    private final ReadOnlyKeyValueStore<Bytes, byte[]> store;
    private final MailboxRouter.EventDecoder decoder;

    MailboxReader(ReadOnlyKeyValueStore<Bytes, byte[]> store, MailboxRouter.EventDecoder decoder) {
        this.store = store;
        this.decoder = decoder;
    }

    StoredPage read(MailboxQuery query) {
        return switch (query) {
            case MailboxQuery.Events(var deviceId, var from) -> read(deviceId, from);
            case MailboxQuery.Transactions(var deviceId, long updatedAfter) -> transactions(deviceId, updatedAfter);
            case MailboxQuery.Offsets(var deviceId, var eventIds) -> offsets(deviceId, eventIds);
            case MailboxQuery.Metadata(var deviceId, long after) -> metadata(deviceId, after);
        };
    }

    /** The transactions that were updated after this time; at most {@link #MAX_TRANSACTIONS}, the latest ones. */
    private StoredPage transactions(String deviceId, long updatedAfter) {
        var progress = progress();
        var oldestFirst = Comparator.comparingLong(StoredTransaction::lastUpdated);
        var found = new PriorityQueue<StoredTransaction>(oldestFirst);
        var first = StoreKeys.firstTransaction(deviceId);
        try (var transactions = store.range(first, StoreKeys.end(first))) {
            while (transactions.hasNext()) {
                var next = StoredTransaction.parse(transactions.next().value);
                if (next.lastUpdated() > updatedAfter) {
                    found.add(next);
                }
                if (found.size() > MAX_TRANSACTIONS) {
                    found.remove();
                }
            }
        }
        var latest = found.stream()
                .sorted(oldestFirst.reversed())
                .map(StoredTransaction::event)
                .toList();
        return new StoredPage.Events(latest, progress.upTo(), false);
    }

    private StoredPage offsets(String deviceId, Set<String> eventIds) {
        var progress = progress();
        var header = MailboxHeader.parse(store.get(StoreKeys.header(deviceId)));
        long removedUpTo = Math.max(progress.lostUpTo(), header.removedUpTo());
        var offsets = new HashMap<String, Long>();
        for (var eventId : eventIds) {
            var known = store.get(StoreKeys.id(deviceId, eventId));
            if (known != null) {
                long offset = StoredEventId.parse(known).offset();
                if (offset > removedUpTo && offset <= header.last()) {
                    offsets.put(eventId, offset);
                }
            }
        }
        return new StoredPage.Offsets(offsets, Math.max(progress.upTo(), header.last()));
    }

    /**
     * Holds one event in memory at a time. An event that cannot be decoded now ends the page, with {@code more} true.
     */
    private StoredPage metadata(String deviceId, long after) {
        var progress = progress();
        var header = MailboxHeader.parse(store.get(StoreKeys.header(deviceId)));
        long removedUpTo = Math.max(progress.lostUpTo(), header.removedUpTo());
        if (after < removedUpTo) {
            return new StoredPage.Gone(
                    header.trimmedUpTo() > Math.max(progress.lostUpTo(), header.expiredUpTo()), removedUpTo);
        }
        var found = new ArrayList<EventMetadata>();
        long seen = after;
        long bytes = 0;
        if (header.last() > after) {
            try (var events =
                    store.range(StoreKeys.event(deviceId, after + 1), StoreKeys.event(deviceId, header.last()))) {
                while (events.hasNext()) {
                    var next = events.next();
                    var event = StoredEvent.parse(next.key, next.value);
                    var metadata = decoder.decode(deviceId, event).map(Event::metadata);
                    if (found.size() == MAX_METADATA || bytes > MAX_BYTES_READ || metadata.isEmpty()) {
                        return new StoredPage.Metadata(found, seen, true);
                    }
                    bytes += event.size();
                    seen = event.offset();
                    found.add(metadata.get());
                }
            }
        }
        return new StoredPage.Metadata(found, Math.max(seen, Math.max(progress.upTo(), header.last())), false);
    }

    /** How far the partition has been processed into this copy. */
    MailboxProgress progress() {
        return Optional.ofNullable(store.get(StoreKeys.PROGRESS))
                .map(MailboxProgress::parse)
                .orElse(MailboxProgress.NONE);
    }

    StoredPage read(String deviceId, StartPosition from) {
        var progress = progress();
        var header = MailboxHeader.parse(store.get(StoreKeys.header(deviceId)));
        long removedUpTo = Math.max(progress.lostUpTo(), header.removedUpTo());
        long removedTime = Math.max(progress.lostAt(), header.removedTime());
        boolean gap = switch (from) {
            case StartPosition.After(long offset) -> offset < removedUpTo;
            case StartPosition.Earliest() -> false;
            case StartPosition.SinceRegistration everything ->
                removedTime >= everything.since().toEpochMilli();
            case StartPosition.Since(var time) -> removedTime >= time.toEpochMilli();
        };
        if (gap) {
            boolean trimmed = header.trimmedUpTo() > Math.max(progress.lostUpTo(), header.expiredUpTo());
            return new StoredPage.Gone(trimmed, removedUpTo);
        }
        long after = from instanceof StartPosition.After(long offset) ? offset : removedUpTo;
        long since = switch (from) {
            case StartPosition.Since(var time) -> time.toEpochMilli();
            case StartPosition.SinceRegistration everything ->
                everything.since().toEpochMilli();
            case StartPosition.After _, StartPosition.Earliest _ -> Long.MIN_VALUE;
        };
        long end = Math.max(after, Math.max(progress.upTo(), header.last()));
        return page(deviceId, after, header.last(), since, end);
    }

    private StoredPage page(String deviceId, long after, long last, long since, long end) {
        var found = new ArrayList<StoredEvent>();
        long bytes = 0;
        if (last > after) {
            try (var events = store.range(StoreKeys.event(deviceId, after + 1), StoreKeys.event(deviceId, last))) {
                while (events.hasNext()) {
                    var next = events.next();
                    var event = StoredEvent.parse(next.key, next.value);
                    if (found.isEmpty() && event.writtenAt() < since) {
                        continue;
                    }
                    bytes += event.size();
                    if (found.size() == MAX_PAGE_EVENTS || (bytes > MAX_PAGE_BYTES && !found.isEmpty())) {
                        return new StoredPage.Events(found, found.getLast().offset(), true);
                    }
                    found.add(event);
                }
            }
        }
        return new StoredPage.Events(found, end, false);
    }
}
