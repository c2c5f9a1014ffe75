package dev.ncwrelay.delivery.messages.wait;

import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One wait on its way to its one end. */
final class PendingWait<T> {

    private final Wait<T> wait;
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

    Optional<ConsumerClaim> place() {
        return wait.claim();
    }

    boolean isPoll() {
        return wait.isPoll();
    }

    /** True when it waits in the place of the same consumer, by an earlier claim. */
    boolean isOlderThan(ConsumerClaim later) {
        return place().filter(mine -> mine.consumer().equals(later.consumer()) && mine.sequence() < later.sequence())
                .isPresent();
    }

    boolean hasEnded() {
        return ended.get();
    }

    /** True for the first caller since the last look: who gets it has to see to a look. */
    boolean trySchedule() {
        return !ended.get() && checkScheduled.compareAndSet(false, true);
    }

    /** Looks for something; what comes after this has begun is seen by it or by the next look. */
    Optional<T> check() {
        checkLock.lock();
        try {
            checkScheduled.set(false);
            return ended.get() ? Optional.empty() : wait.attempt().get();
        } finally {
            checkLock.unlock();
        }
    }

    /** True for the one caller who ends it. */
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

    void complete(WaitOutcome<T> end) {
        wait.onEnd().accept(end);
    }

    void timer(Future<?> started) {
        timer = started;
        if (ended.get()) {
            started.cancel(false);
        }
    }
}
