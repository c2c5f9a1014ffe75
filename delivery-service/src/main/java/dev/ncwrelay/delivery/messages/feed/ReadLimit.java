package dev.ncwrelay.delivery.messages.feed;

import java.util.function.Predicate;

/**
 * How much a read returns, and which events.
 *
 * @param events maximum number of events, at least 1
 * @param bytes maximum size of the events' data; one event is returned even if it is larger
 * @param wanted which events are returned; the others count as seen
 */
public record ReadLimit(int events, long bytes, Predicate<Event> wanted) {}
