package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.feed.Page;

/** Result of reading a device's stream. */
public sealed interface StreamRead {

    /** Events, each id once. */
    record Found(Page page) implements StreamRead {}

    /**
     * The position is no longer available: events after it may be missing.
     *
     * @param earliest the lowest offset to continue after
     */
    record Lost(PositionLossReason reason, long earliest) implements StreamRead {}

    /** No replica is reachable, or none has read far enough; the read may be retried soon. */
    record Unavailable(String cause) implements StreamRead {}

    /** The device's ownership has ended since the reader began; the reader has no access to the stream any more. */
    record OwnershipEnded() implements StreamRead {}
}
