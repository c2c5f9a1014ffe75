package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.FeedRead;
import dev.ncwrelay.delivery.messages.feed.Page;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import dev.ncwrelay.delivery.messages.mailbox.Backlog;
import java.time.Instant;

/**
 * Merges mailbox and ring into one page without a gap: the ring where it covers the position, otherwise the mailbox and
 * then the ring. If the mailbox does not reach the ring, the read is {@link StreamRead.Unavailable}, never a page with
 * a gap.
 */
final class StreamMerger {

    /** Maximum number of pages per read: events that are filtered out need pages, too, and a read must end. */
    private static final int MAX_PAGES = 64;

    private final Feed feed;
    private final Backlog backlog;
    private final String deviceId;
    private final ReadLimit limit;
    private final PageBuilder page;

    StreamMerger(Feed feed, Backlog backlog, String deviceId, ReadLimit limit) {
        this.feed = feed;
        this.backlog = backlog;
        this.deviceId = deviceId;
        this.limit = limit;
        this.page = new PageBuilder(limit);
    }

    StreamRead merge(StartPosition start) {
        StartPosition from = start;
        for (int i = 0; i < MAX_PAGES; i++) {
            var ringRead = readRing(from);
            if (ringRead instanceof FeedRead.Found(var page)) {
                return append(page);
            }
            long minOffset = ((FeedRead.TooOld) ringRead).earliest();
            switch (backlog.read(deviceId, from, minOffset)) {
                case Backlog.Read.Found(var read) -> {
                    long seen = seenBefore(read);
                    for (Event event : read.events()) {
                        if (!page.offer(event)) {
                            return page.partialPage(seen);
                        }
                        seen = event.offset();
                    }
                    if (!read.more() && read.upTo() < minOffset) {
                        return orPartialPage(
                                new StreamRead.Unavailable("the mailbox of this device is not up to date yet"),
                                read.upTo());
                    }
                    from = new StartPosition.After(read.upTo());
                }
                case Backlog.Read.Gone(boolean trimmed, long earliest) -> {
                    return orPartialPage(
                            new StreamRead.Lost(
                                    trimmed ? PositionLossReason.TRIMMED : PositionLossReason.RETENTION, earliest),
                            earliest);
                }
                case Backlog.Read.Unavailable(var cause) -> {
                    return orPartialPage(new StreamRead.Unavailable(cause), -1);
                }
            }
        }
        return page.partialPage(((StartPosition.After) from).offset());
    }

    /** Reads the ring from this position. */
    private FeedRead readRing(StartPosition from) {
        return switch (from) {
            case StartPosition.After(long offset) -> feed.read(deviceId, offset, limit);
            case StartPosition.Earliest() -> feed.read(deviceId, -1, limit);
            case StartPosition.Since(var time) -> readRing(time);
            case StartPosition.SinceRegistration everything -> readRing(everything.since());
        };
    }

    private FeedRead readRing(Instant since) {
        return feed.offsetBefore(deviceId, since)
                .map(offset -> feed.read(deviceId, offset, limit))
                .orElseGet(() -> new FeedRead.TooOld(feed.evictedUpTo(deviceId)));
    }

    private StreamRead append(Page ringRead) {
        for (Event event : ringRead.events()) {
            if (!page.offer(event)) {
                return page.partialPage(ringRead.upTo());
            }
        }
        return ringRead.more() ? page.partialPage(ringRead.upTo()) : page.completePage(ringRead.upTo());
    }

    /** The events read so far, or the failure if there are none; the next read reports the failure. */
    private StreamRead orPartialPage(StreamRead failure, long seen) {
        return page.isEmpty() ? failure : page.partialPage(seen);
    }

    private static long seenBefore(Page page) {
        return page.events().isEmpty() ? page.upTo() : page.events().getFirst().offset() - 1;
    }
}
