package dev.ncwrelay.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Acknowledgements on their way to the relay. They are cumulative, so of those that wait only the latest is sent, one at a
 * time, and again until it is stored. Only what the app has acknowledged is ever sent.
 */
final class Acks {

    /** One that waits: up to the message with this number of the app's order. */
    private record Waiting(long sequence, String cursor, CompletableFuture<Void> stored) {}

    /** One that is being sent. */
    record Sending(long sequence, String cursor) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private List<Waiting> waiting = new ArrayList<>();
    private long latest;
    private boolean isInFlight;
    private boolean isClosed;

    /** Acknowledges up to the message with this number; done when the relay has stored it. */
    CompletableFuture<Void> add(long sequence, String cursor) {
        var stored = new CompletableFuture<Void>();
        lock.lock();
        try {
            if (isClosed) {
                return CompletableFuture.failedFuture(RelayException.closed());
            }
            if (sequence > latest) {
                latest = sequence;
                waiting.add(new Waiting(sequence, cursor, stored));
            } else if (waiting.isEmpty()) {
                return CompletableFuture.completedFuture(null);
            } else {
                // An acknowledgement of an earlier message is part of the later one.
                var last = waiting.get(waiting.size() - 1);
                waiting.add(new Waiting(last.sequence(), last.cursor(), stored));
            }
            added.signalAll();
            return stored;
        } finally {
            lock.unlock();
        }
    }

    /** True while one is not stored. */
    boolean isPending() {
        lock.lock();
        try {
            return !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    void awaitPending() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty()) {
                added.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The latest one, to be sent; null when there is none, or one is being sent. {@link #sent} must follow. */
    @Nullable
    Sending begin() {
        lock.lock();
        try {
            if (isInFlight || waiting.isEmpty()) {
                return null;
            }
            isInFlight = true;
            var last = waiting.get(waiting.size() - 1);
            return new Sending(last.sequence(), last.cursor());
        } finally {
            lock.unlock();
        }
    }

    /** The sending has ended, and the acknowledgement is stored or still waits. */
    void sent(Sending sending, boolean isStored) {
        List<Waiting> stored = new ArrayList<>();
        lock.lock();
        try {
            isInFlight = false;
            if (isStored) {
                var left = new ArrayList<Waiting>();
                waiting.forEach(one -> (one.sequence() <= sending.sequence() ? stored : left).add(one));
                waiting = left;
            }
        } finally {
            lock.unlock();
        }
        stored.forEach(one -> one.stored().complete(null));
    }

    /** Those that wait cannot be stored. */
    void reject(RelayException cause) {
        List<Waiting> failed;
        lock.lock();
        try {
            failed = waiting;
            waiting = new ArrayList<>();
        } finally {
            lock.unlock();
        }
        failed.forEach(one -> one.stored().completeExceptionally(cause));
    }

    /** Takes no more. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
        } finally {
            lock.unlock();
        }
    }
}
