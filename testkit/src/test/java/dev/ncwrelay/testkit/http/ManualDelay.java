package dev.ncwrelay.testkit.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A delay that ends when the test calls {@link #runNext()}. */
public final class ManualDelay implements Delay {
    private final List<Duration> asked = new ArrayList<>();
    private final List<Runnable> pending = new ArrayList<>();

    @Override
    public void after(Duration delay, Runnable action) {
        if (delay.isZero()) {
            action.run();
            return;
        }
        synchronized (this) {
            asked.add(delay);
            pending.add(action);
        }
    }

    /** Every delay asked for so far, in order. */
    public synchronized List<Duration> asked() {
        return List.copyOf(asked);
    }

    public synchronized int pending() {
        return pending.size();
    }

    /** Runs the oldest pending action. */
    public void runNext() {
        Runnable action;
        synchronized (this) {
            action = pending.removeFirst();
        }
        action.run();
    }
}
