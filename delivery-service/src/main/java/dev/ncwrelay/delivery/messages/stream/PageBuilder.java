package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.Page;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import java.util.ArrayList;
import java.util.List;

/** Collects the events of a read from several sources, within its limit. */
final class PageBuilder {

    private final ReadLimit limit;
    private final List<Event> events = new ArrayList<>();
    private long bytes;

    PageBuilder(ReadLimit limit) {
        this.limit = limit;
    }

    /** Adds the next event if it is wanted; false when the limit is reached. */
    boolean offer(Event event) {
        if (!limit.wanted().test(event)) {
            return true;
        }
        int size = event.data().remaining();
        if (events.size() == limit.events() || (bytes + size > limit.bytes() && !events.isEmpty())) {
            return false;
        }
        events.add(event);
        bytes += size;
        return true;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    /** The page when everything up to {@code next} has been read. */
    StreamRead.Found completePage(long next) {
        return new StreamRead.Found(new Page(events, next, false));
    }

    /** The page when there are more events after those collected, or after {@code seen} if none was collected. */
    StreamRead.Found partialPage(long seen) {
        return new StreamRead.Found(
                new Page(events, events.isEmpty() ? seen : events.getLast().offset(), true));
    }
}
