package dev.ncwrelay.delivery.messages.wait;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What somebody waits for.
 *
 * @param claim of a named consumer only the newest claim goes on; empty for who may wait many times over
 * @param isPoll true when it counts towards the bounds of waiting; a connection has bounds of its own
 * @param isExact true to wait the whole timeout, which is shortened a little at random otherwise, so that clients do
 *     not return in step
 * @param timeout how long at the most
 * @param attempt looks for something; called once at the start and after each wake, never twice at once
 * @param onEnd told how it ended, once, on a thread that may block
 */
public record Wait<T>(
        String deviceId,
        Optional<ConsumerClaim> claim,
        boolean isPoll,
        boolean isExact,
        Duration timeout,
        Supplier<Optional<T>> attempt,
        Consumer<WaitOutcome<T>> onEnd) {

    /** One whose timeout may be shortened. */
    public Wait(
            String deviceId,
            Optional<ConsumerClaim> claim,
            boolean isPoll,
            Duration timeout,
            Supplier<Optional<T>> attempt,
            Consumer<WaitOutcome<T>> onEnd) {
        this(deviceId, claim, isPoll, false, timeout, attempt, onEnd);
    }

    /** A poll without a name that waits the whole timeout. */
    public static <T> Wait<T> ofExactTimeout(
            String deviceId, Duration timeout, Supplier<Optional<T>> attempt, Consumer<WaitOutcome<T>> end) {
        return new Wait<>(deviceId, Optional.empty(), true, true, timeout, attempt, end);
    }
}
