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
    private final AtomicBoolean lookDue = new AtomicBoolean();
    private final ReentrantLock looking = new ReentrantLock();
    private volatile @Nullable Future<?> timer;

    PendingWait(Wait<T> wait) {
        this.wait = wait;
    }

    String deviceId() {
        return wait.deviceId();
    }

    Optional<ConsumerClaim> place() {
        return wait.place();
    }

    boolean isPoll() {
        return wait.isPoll();
    }

    /** True when it waits in the place of the same consumer, by an earlier claim. */
    boolean isOlderThan(ConsumerClaim later) {
        return place().filter(mine -> mine.consumer().equals(later.consumer()) && mine.since() < later.since())
                .isPresent();
    }

    boolean hasEnded() {
        return ended.get();
    }

    /** True for the first caller since the last look: who gets it has to see to a look. */
    boolean claimLook() {
        return !ended.get() && lookDue.compareAndSet(false, true);
    }

    /** Looks for something; what comes after this has begun is seen by it or by the next look. */
    Optional<T> look() {
        looking.lock();
        try {
            lookDue.set(false);
            return ended.get() ? Optional.empty() : wait.attempt().get();
        } finally {
            looking.unlock();
        }
    }

    /** True for the one caller who ends it. */
    boolean claimEnd() {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        var running = timer;
        if (running != null) {
            running.cancel(false);
        }
        return true;
    }

    void tell(WaitOutcome<T> end) {
        wait.end().accept(end);
    }

    void timer(Future<?> started) {
        timer = started;
        if (ended.get()) {
            started.cancel(false);
        }
    }
}
