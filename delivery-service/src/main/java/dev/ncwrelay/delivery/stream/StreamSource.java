package dev.ncwrelay.delivery.stream;

import dev.ncwrelay.delivery.feed.Feed;
import dev.ncwrelay.delivery.feed.ReadLimit;
import dev.ncwrelay.delivery.mailbox.Backlog;
import dev.ncwrelay.delivery.mailbox.Backlog.From;

/** A device's whole stream: its live end in this node's ring, and the backlog before it. */
public final class StreamSource {

    private final Feed feed;
    private final Backlog backlog;

    public StreamSource(Feed feed, Backlog backlog) {
        this.feed = feed;
        this.backlog = backlog;
    }

    /** What the device has from there. May ask another node, briefly. */
    public StreamRead read(String deviceId, From from, ReadLimit limit) {
        return new Reading(feed, backlog, deviceId, limit).from(from);
    }
}
