package dev.ncwrelay.delivery.messages.wait;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A registered wait; it ends exactly once. */
final class PendingWait<T> {

    private static final int BURST_FACTOR = 10;

    private final Wait<T> wait;
    private final long beganNanos = System.nanoTime();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean checkScheduled = new AtomicBoolean();
    private final ReentrantLock checkLock = new ReentrantLock();
    private volatile @Nullable Future<?> timer;

    PendingWait(Wait<T> wait) {
        this.wait = wait;
    }

    String deviceId() {
        return wait.deviceId();
    }

    Optional<ConsumerClaim> claim() {
        return wait.claim();
    }

    boolean isPoll() {
        return wait.isPoll();
    }

    /** True when it waits for the same consumer with an earlier claim. */
    boolean isOlderThan(ConsumerClaim later) {
        return claim().filter(own -> own.consumer().equals(later.consumer()) && own.sequence() < later.sequence())
                .isPresent();
    }

    /**
     * Whether it began a moment ago: it then follows an answer, and the message that wakes it may be one of a burst. The
     * others come alone.
     *
     * @param coalesce how long messages of a burst are collected
     */
    boolean mayBeInBurst(Duration coalesce) {
        return System.nanoTime() - beganNanos < coalesce.toNanos() * BURST_FACTOR;
    }

    boolean hasEnded() {
        return ended.get();
    }

    /** True for the first caller since the last check; that caller must schedule the next one. */
    boolean trySchedule() {
        return !ended.get() && checkScheduled.compareAndSet(false, true);
    }

    /** Checks for a result. What arrives after the check has begun is found by it or by the next check. */
    Optional<T> check() {
        checkLock.lock();
        try {
            checkScheduled.set(false);
            return ended.get() ? Optional.empty() : wait.attempt().get();
        } finally {
            checkLock.unlock();
        }
    }

    /** True for exactly one caller, who then completes it. */
    boolean tryEnd() {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        var running = timer;
        if (running != null) {
            running.cancel(false);
        }
        return true;
    }

    void complete(WaitOutcome<T> outcome) {
        wait.onEnd().accept(outcome);
    }

    void timer(Future<?> task) {
        timer = task;
        if (ended.get()) {
            task.cancel(false);
        }
    }
}
