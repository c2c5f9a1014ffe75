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
 * it. Where the backlog does not reach the ring, the read is {@link StreamRead.Away}, never a slice that skips.
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

    StreamRead from(From start) {
        From from = start;
        for (int page = 0; page < MAX_PAGES; page++) {
            var live = live(from);
            if (live instanceof FeedRead.Slice slice) {
                return join(slice);
            }
            long needed = ((FeedRead.TooOld) live).earliest();
            switch (backlog.read(deviceId, from, needed)) {
                case Backlog.Read.Page read -> {
                    long seen = seenBefore(read);
                    for (Event event : read.events()) {
                        if (!gathered.offer(event)) {
                            return gathered.moreAfter(seen);
                        }
                        seen = event.offset();
                    }
                    if (!read.more() && read.upTo() < needed) {
                        return instead(
                                new StreamRead.Away("the backlog of this device is still being read"), read.upTo());
                    }
                    from = new From.After(read.upTo());
                }
                case Backlog.Read.Gone(boolean trimmed, long earliest) -> {
                    return instead(
                            new StreamRead.Lost(
                                    trimmed ? PositionLossReason.TRIMMED : PositionLossReason.RETENTION, earliest),
                            earliest);
                }
                case Backlog.Read.Away(var cause) -> {
                    return instead(new StreamRead.Away(cause), -1);
                }
            }
        }
        return gathered.moreAfter(((From.After) from).offset());
    }

    /** What the ring has from there. */
    private FeedRead live(From from) {
        return switch (from) {
            case From.After(long offset) -> feed.read(deviceId, offset, limit);
            case From.Earliest() -> feed.read(deviceId, -1, limit);
            case From.Since(var time) -> live(time);
            case From.Everything everything -> live(everything.since());
        };
    }

    private FeedRead live(Instant since) {
        return feed.before(deviceId, since)
                .map(offset -> feed.read(deviceId, offset, limit))
                .orElseGet(() -> new FeedRead.TooOld(feed.heldAfter(deviceId)));
    }

    private StreamRead join(FeedRead.Slice live) {
        for (Event event : live.events()) {
            if (!gathered.offer(event)) {
                return gathered.moreAfter(live.next());
            }
        }
        return live.more() ? gathered.moreAfter(live.next()) : gathered.upTo(live.next());
    }

    /** What is gathered already is good; the rest is told to the next read. */
    private StreamRead instead(StreamRead trouble, long seen) {
        return gathered.isEmpty() ? trouble : gathered.moreAfter(seen);
    }

    private static long seenBefore(Backlog.Read.Page page) {
        return page.events().isEmpty() ? page.upTo() : page.events().getFirst().offset() - 1;
    }
}
