package dev.ncwrelay.testkit.server;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits until a server is ready that has no other way to say so. */
public final class StartWait {

    /** A server that fails ends; this is for one that hangs, and long enough for a machine that does much else. */
    private static final Duration TIMEOUT = Duration.ofMinutes(4);

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
                if (!running.getAsBoolean()) {
                    throw new IllegalStateException("the server ended before it was ready: " + output.get());
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException(
                            "the server is not ready after " + TIMEOUT.toMinutes() + " min: " + output.get());
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
