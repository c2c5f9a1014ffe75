package dev.ncwrelay.delivery.stream;

import dev.ncwrelay.delivery.feed.Feed;
import dev.ncwrelay.delivery.feed.ReadLimit;
import dev.ncwrelay.delivery.mailbox.Backlog;
import dev.ncwrelay.delivery.mailbox.Backlog.From;
import java.time.Duration;

/** A device's whole stream: its live end in this node's ring, and the backlog before it. */
public final class StreamSource {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Feed feed;
    private final Backlog backlog;

    public StreamSource(Feed feed, Backlog backlog) {
        this.feed = feed;
        this.backlog = backlog;
    }

    /**
     * The same for a reader that has been up to date and waits: what is away is looked for again for a while. A late
     * webhook is such a case, which the mailbox reads a moment after the ring. Blocks; for a thread that may.
     */
    public StreamRead readOn(String deviceId, From from, ReadLimit limit) {
        long end = System.nanoTime() + LIMIT.toNanos();
        var found = read(deviceId, from, limit);
        try {
            while (found instanceof StreamRead.Away && System.nanoTime() < end) {
                Thread.sleep(PAUSE);
                found = read(deviceId, from, limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return found;
    }

    /** What the device has from there. May ask another node, briefly. */
    public StreamRead read(String deviceId, From from, ReadLimit limit) {
        return new Reading(feed, backlog, deviceId, limit).from(from);
    }
}
