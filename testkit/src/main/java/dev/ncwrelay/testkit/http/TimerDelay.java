package dev.ncwrelay.testkit.http;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One timer thread for any number of delays. What is still pending when it closes never runs. */
public final class TimerDelay implements Delay, AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;

    public TimerDelay(String name) {
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name(name).daemon().factory());
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void after(Duration delay, Runnable action) {
        if (delay.isZero()) {
            action.run();
            return;
        }
        try {
            var _ = timer.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            // Closed while an answer was under way; the connections end with the server.
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
