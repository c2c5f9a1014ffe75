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
 * Bounds the bytes of all bodies in memory.
 *
 * <ol>
 *   <li>Bytes count from before they are allocated until their request is answered.
 *   <li>A body of more than {@value #SMALL} bytes gets what is left of three quarters. A small one gets what is left of
 *       all and, when that is not enough, the room of the largest body that still arrives and is larger than itself. So
 *       large bodies, forged ones say, never keep small ones out; and nearly all webhooks are small.
 * </ol>
 */
final class BodyBudget {

    static final long MAX_SMALL_BYTES = 256L * 1024;

    /** A body that holds bytes. */
    interface Holder {

        /** Its bytes are needed for another; it must let them be collected. Called on the executor. */
        void evict();

        /** Ends a body of which less than so many bytes arrived in the window that ends now. */
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

    /** Begins a body with its first bytes; false if there is no room for them. */
    boolean open(Holder holder, long bytes) {
        lock.lock();
        try {
            holders.put(holder, new Held());
        } finally {
            lock.unlock();
        }
        return reserve(holder, bytes);
    }

    /** Takes so many bytes more for this body; false if there is no room for them, or it has been shed. */
    boolean reserve(Holder holder, long bytes) {
        var shed = new ArrayList<Holder>();
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
                shed.add(victim.get());
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
            shed.forEach(one -> executor.execute(one::evict));
        }
    }

    /** Gives so many bytes back, because the body has moved to another array. */
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

    /** The body has arrived: from now on its room is not given to another. False if that has happened already. */
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

    /** The body is not needed any more. */
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

    /** The bodies that still arrive. */
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
