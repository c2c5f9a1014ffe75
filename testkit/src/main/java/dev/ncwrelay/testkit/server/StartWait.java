package dev.ncwrelay.testkit.server;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits until a server is ready that has no other way to say so. */
public final class StartWait {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private StartWait() {}

    /**
     * Returns when {@code ready} holds.
     *
     * @throws IllegalStateException with the output of the server, when it ends before or takes too long
     */
    public static void until(BooleanSupplier ready, BooleanSupplier running, Supplier<String> output) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        try {
            while (!ready.getAsBoolean()) {
                if (!running.getAsBoolean() || System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("the server did not start: " + output.get());
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
