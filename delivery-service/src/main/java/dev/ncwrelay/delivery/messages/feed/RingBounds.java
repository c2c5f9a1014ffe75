package dev.ncwrelay.delivery.messages.feed;

import java.time.Duration;

/**
 * How much one ring holds.
 *
 * @param age how long an event stays at the most
 * @param bytes how many bytes at the most
 * @param dedupeEntries how many event ids are remembered
 * @param dedupeMemory for how long
 */
record RingBounds(Duration age, long bytes, int dedupeEntries, Duration dedupeMemory) {}
