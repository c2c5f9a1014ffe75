package dev.ncwrelay.delivery.messages.wait;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A wait to be registered.
 *
 * @param claim of a named consumer only the wait with the newest claim continues; empty when several waits may be held
 *     at once
 * @param isPoll true when it counts towards the limits of waits; subscriptions have their own limits
 * @param isExact true to wait the whole timeout; otherwise it is shortened a little at random, so that clients do not
 *     return at the same time
 * @param timeout maximum duration
 * @param attempt checks for a result; called once at the start and after each wake-up, never concurrently
 * @param onEnd called once with the outcome, on a thread that may block
 */
public record Wait<T>(
        String deviceId,
        Optional<ConsumerClaim> claim,
        boolean isPoll,
        boolean isExact,
        Duration timeout,
        Supplier<Optional<T>> attempt,
        Consumer<WaitOutcome<T>> onEnd) {

    /** A wait whose timeout may be shortened. */
    public Wait(
            String deviceId,
            Optional<ConsumerClaim> claim,
            boolean isPoll,
            Duration timeout,
            Supplier<Optional<T>> attempt,
            Consumer<WaitOutcome<T>> onEnd) {
        this(deviceId, claim, isPoll, false, timeout, attempt, onEnd);
    }

    /** A poll of the unnamed consumer that waits the whole timeout. */
    public static <T> Wait<T> ofExactTimeout(
            String deviceId, Duration timeout, Supplier<Optional<T>> attempt, Consumer<WaitOutcome<T>> end) {
        return new Wait<>(deviceId, Optional.empty(), true, true, timeout, attempt, end);
    }
}
