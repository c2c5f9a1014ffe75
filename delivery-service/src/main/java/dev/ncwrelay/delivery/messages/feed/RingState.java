package dev.ncwrelay.delivery.messages.feed;

import java.time.Instant;

/**
 * What a ring covers.
 *
 * @param start first offset that the ring covers
 * @param next offset that is read next
 * @param bytes estimated size of its events
 * @param coveredSince every event written since then is in the ring
 */
public record RingState(long start, long next, long bytes, Instant coveredSince) {}
