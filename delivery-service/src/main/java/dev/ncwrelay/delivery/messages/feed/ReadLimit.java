package dev.ncwrelay.delivery.messages.feed;

import java.util.function.Predicate;

/**
 * How much of a stream is wanted.
 *
 * @param events at most so many, at least one
 * @param bytes at most so much data, but always one event
 * @param wanted which events; the others count as seen
 */
public record ReadLimit(int events, long bytes, Predicate<Event> wanted) {}
