package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import java.util.ArrayList;
import java.util.List;

/** The events of a read that has several sources, within its limit. */
final class PageBuilder {

    private final ReadLimit limit;
    private final List<Event> events = new ArrayList<>();
    private long bytes;

    PageBuilder(ReadLimit limit) {
        this.limit = limit;
    }

    /** Takes the next event, unless it is not wanted; false when there is no room for it. */
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

    /** Everything up to {@code next} has been gathered. */
    StreamRead.Slice completePage(long next) {
        return new StreamRead.Slice(events, next, false);
    }

    /** There is more, after what is gathered; up to {@code seen} if that is nothing. */
    StreamRead.Slice partialPage(long seen) {
        return new StreamRead.Slice(
                events, events.isEmpty() ? seen : events.getLast().offset(), true);
    }
}
