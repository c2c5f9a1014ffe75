package dev.ncwrelay.delivery.messages.feed;

import java.time.Instant;

/**
 * What a ring covers.
 *
 * @param start first offset it can vouch for
 * @param next offset it reads next
 * @param bytes what it holds, estimated
 * @param coveredSince everything written since then is held
 */
public record RingState(long start, long next, long bytes, Instant coveredSince) {}
