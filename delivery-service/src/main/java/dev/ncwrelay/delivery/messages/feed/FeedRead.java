package dev.ncwrelay.delivery.messages.feed;

/** Result of reading a device's events from the ring. */
public sealed interface FeedRead {

    record Found(Page page) implements FeedRead {}

    /**
     * The ring cannot serve the position: events after it may have been evicted, or may be repetitions.
     *
     * @param earliest the lowest offset after which the ring can serve
     */
    record TooOld(long earliest) implements FeedRead {}
}
