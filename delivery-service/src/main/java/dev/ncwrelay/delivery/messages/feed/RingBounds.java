package dev.ncwrelay.delivery.messages.feed;

import java.time.Duration;

/**
 * Bounds of one ring.
 *
 * @param age maximum age of an event in the ring
 * @param bytes maximum size of all events in the ring
 * @param dedupeEntries how many event ids, and last evicted offsets of devices, are remembered
 * @param dedupeMemory how long an event id is remembered
 */
record RingBounds(Duration age, long bytes, int dedupeEntries, Duration dedupeMemory) {}
