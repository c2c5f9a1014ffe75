package dev.ncwrelay.ingress.webhook;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Limits the bytes of all bodies in memory.
 *
 * <ol>
 *   <li>Bytes count from before their allocation until their request is answered.
 *   <li>Bodies of more than {@value #MAX_SMALL_BYTES} bytes share three quarters of the budget. A small body may use all of
 *       it, and if that is full it evicts the largest body that is still arriving and is larger than itself. Large bodies,
 *       which may be forged, therefore never displace small ones, and nearly all webhooks are small.
 * </ol>
 */
final class BodyBudget {

    static final long MAX_SMALL_BYTES = 256L * 1024;

    /** A body that uses bytes of the budget. */
    interface Holder {

        /** Its bytes are needed for another body; it must drop its references to them. Called on the executor. */
        void evict();

        /** Ends the body if fewer bytes than this were received in the window that ends now. */
        void requireRate(long nanos, long windowNanos, long minBytes);
    }

    private static final class Held {
        private long bytes;
        private boolean complete;
    }

    private final long max;
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Holder, Held> holders = new LinkedHashMap<>();
    private long used;

    BodyBudget(long max, Executor executor) {
        this.max = max;
        this.executor = executor;
    }

    /** Adds a body with its first bytes; false if the budget is exhausted. */
    boolean open(Holder holder, long bytes) {
        lock.lock();
        try {
            holders.put(holder, new Held());
        } finally {
            lock.unlock();
        }
        return reserve(holder, bytes);
    }

    /** Reserves further bytes for this body; false if the budget is exhausted or the body was evicted. */
    boolean reserve(Holder holder, long bytes) {
        var evicted = new ArrayList<Holder>();
        lock.lock();
        try {
            var own = holders.get(holder);
            if (own == null) {
                return false;
            }
            long wanted = own.bytes + bytes;
            long limit = wanted > MAX_SMALL_BYTES ? max - max / 4 : max;
            while (used + bytes > limit && wanted <= MAX_SMALL_BYTES) {
                var victim = largestAbove(wanted);
                if (victim.isEmpty()) {
                    break;
                }
                evicted.add(victim.get());
                remove(victim.get());
            }
            if (used + bytes > limit) {
                return false;
            }
            used += bytes;
            own.bytes += bytes;
            return true;
        } finally {
            lock.unlock();
            evicted.forEach(one -> executor.execute(one::evict));
        }
    }

    /** Releases bytes, because the body was moved to another array. */
    void release(Holder holder, long bytes) {
        lock.lock();
        try {
            var own = holders.get(holder);
            if (own != null) {
                own.bytes -= bytes;
                used -= bytes;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The body is complete and is no longer evicted. False if it was evicted before. */
    boolean complete(Holder holder) {
        lock.lock();
        try {
            var own = holders.get(holder);
            if (own != null) {
                own.complete = true;
            }
            return own != null;
        } finally {
            lock.unlock();
        }
    }

    /** The body is no longer needed. */
    void end(Holder holder) {
        lock.lock();
        try {
            remove(holder);
        } finally {
            lock.unlock();
        }
    }

    long used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }

    /** Bodies in memory. */
    int size() {
        lock.lock();
        try {
            return holders.size();
        } finally {
            lock.unlock();
        }
    }

    /** Bodies that are still arriving. */
    List<Holder> arriving() {
        lock.lock();
        try {
            return holders.entrySet().stream()
                    .filter(entry -> !entry.getValue().complete)
                    .map(Map.Entry::getKey)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Holder> largestAbove(long bytes) {
        return holders.entrySet().stream()
                .filter(entry -> !entry.getValue().complete && entry.getValue().bytes > bytes)
                .max(Comparator.comparingLong(entry -> entry.getValue().bytes))
                .map(Map.Entry::getKey);
    }

    private void remove(Holder holder) {
        var held = holders.remove(holder);
        if (held != null) {
            used -= held.bytes;
        }
    }
}
