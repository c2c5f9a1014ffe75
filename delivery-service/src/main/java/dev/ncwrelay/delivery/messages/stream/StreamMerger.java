package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.FeedRead;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.mailbox.Backlog;
import dev.ncwrelay.delivery.messages.mailbox.Backlog.From;
import java.time.Instant;

/**
 * Joins ring and backlog without a hole: the ring where it covers the position, else the backlog, and the ring beyond
 * it. Where the backlog does not reach the ring, the read is {@link StreamRead.Unavailable}, never a slice that skips.
 */
final class StreamMerger {

    /** Pages of one read: what is filtered out costs pages too, and a read must end. */
    private static final int MAX_PAGES = 64;

    private final Feed feed;
    private final Backlog backlog;
    private final String deviceId;
    private final ReadLimit limit;
    private final PageBuilder gathered;

    StreamMerger(Feed feed, Backlog backlog, String deviceId, ReadLimit limit) {
        this.feed = feed;
        this.backlog = backlog;
        this.deviceId = deviceId;
        this.limit = limit;
        this.gathered = new PageBuilder(limit);
    }

    StreamRead merge(From start) {
        From from = start;
        for (int page = 0; page < MAX_PAGES; page++) {
            var live = readRing(from);
            if (live instanceof FeedRead.Slice slice) {
                return append(slice);
            }
            long needed = ((FeedRead.TooOld) live).earliest();
            switch (backlog.read(deviceId, from, needed)) {
                case Backlog.Read.Page read -> {
                    long seen = seenBefore(read);
                    for (Event event : read.events()) {
                        if (!gathered.offer(event)) {
                            return gathered.partialPage(seen);
                        }
                        seen = event.offset();
                    }
                    if (!read.more() && read.upTo() < needed) {
                        return orPartialPage(
                                new StreamRead.Unavailable("the backlog of this device is still being read"),
                                read.upTo());
                    }
                    from = new From.After(read.upTo());
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
        return gathered.partialPage(((From.After) from).offset());
    }

    /** What the ring has from there. */
    private FeedRead readRing(From from) {
        return switch (from) {
            case From.After(long offset) -> feed.read(deviceId, offset, limit);
            case From.Earliest() -> feed.read(deviceId, -1, limit);
            case From.Since(var time) -> readRing(time);
            case From.SinceRegistration everything -> readRing(everything.since());
        };
    }

    private FeedRead readRing(Instant since) {
        return feed.offsetBefore(deviceId, since)
                .map(offset -> feed.read(deviceId, offset, limit))
                .orElseGet(() -> new FeedRead.TooOld(feed.evictedUpTo(deviceId)));
    }

    private StreamRead append(FeedRead.Slice live) {
        for (Event event : live.events()) {
            if (!gathered.offer(event)) {
                return gathered.partialPage(live.next());
            }
        }
        return live.more() ? gathered.partialPage(live.next()) : gathered.completePage(live.next());
    }

    /** What is gathered already is good; the rest is told to the next read. */
    private StreamRead orPartialPage(StreamRead failure, long seen) {
        return gathered.isEmpty() ? failure : gathered.partialPage(seen);
    }

    private static long seenBefore(Backlog.Read.Page page) {
        return page.events().isEmpty() ? page.upTo() : page.events().getFirst().offset() - 1;
    }
}
