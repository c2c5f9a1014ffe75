package dev.ncwrelay.delivery.await;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What somebody waits for.
 *
 * @param place of a named consumer only the newest claim goes on; empty for who may wait many times over
 * @param isPoll true when it counts towards the bounds of waiting; a connection has bounds of its own
 * @param timeout how long at the most; shortened a little at random, so that clients do not return in step
 * @param attempt looks for something; called once at the start and after each wake, never twice at once
 * @param end told how it ended, once, on a thread that may block
 */
public record Wait<T>(
        String deviceId,
        Optional<Place> place,
        boolean isPoll,
        Duration timeout,
        Supplier<Optional<T>> attempt,
        Consumer<End<T>> end) {}
