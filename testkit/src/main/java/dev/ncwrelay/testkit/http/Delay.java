package dev.ncwrelay.testkit.http;

import java.time.Duration;

/** Runs things later; tests of schedules put their own in its place. */
@FunctionalInterface
public interface Delay {

    /** Runs {@code action} once {@code delay} has passed, or at once when it is zero. It must not block. */
    void after(Duration delay, Runnable action);
}
