package dev.ncwrelay.delivery.memory;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The entries that were put last, limited by number and age.
 *
 * <ol>
 *   <li>Beyond the number the oldest is removed, however often it was read. An expired entry is not found.
 *   <li>The cost of an operation does not depend on the number of entries.
 *   <li>Safe for use by many threads; of several that put the same absent key, one succeeds.
 * </ol>
 */
public final class NewestEntries<K, V> {

    /** More than are added, so that expired entries become fewer; not all of them, since other threads wait. */
    private static final int MAX_REMOVED_PER_PUT = 2;

    private final int maxEntries;
    private final long memoryNanos;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<K, Entry<V>> entries = new LinkedHashMap<>();

    private record Entry<V>(V value, long since) {}

    /**
     * Creates it, empty.
     *
     * @param memory how long an entry is remembered
     * @param nanos the time, as of {@link System#nanoTime}
     */
    public NewestEntries(int maxEntries, Duration memory, LongSupplier nanos) {
        if (maxEntries < 1 || !memory.isPositive()) {
            throw new IllegalArgumentException("must be positive: " + maxEntries + ", " + memory);
        }
        this.maxEntries = maxEntries;
        this.memoryNanos = memory.toNanos();
        this.nanos = nanos;
    }

    /** The value of the key, if it has one; otherwise this value is put, as the newest, and the result is null. */
    public @Nullable V putIfAbsent(K key, V value) {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            var before = entries.get(key);
            if (before != null && !isExpired(before, now)) {
                return before.value();
            }
            putLast(key, value, now);
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Puts the value, as the newest. */
    public void put(K key, V value) {
        lock.lock();
        try {
            putLast(key, value, nanos.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /** The value of the key; null when it has none, or none that is remembered. */
    public @Nullable V get(K key) {
        lock.lock();
        try {
            var entry = entries.get(key);
            return entry == null || isExpired(entry, nanos.getAsLong()) ? null : entry.value();
        } finally {
            lock.unlock();
        }
    }

    /** Removes the key if it has this value. */
    public void remove(K key, V value) {
        lock.lock();
        try {
            var entry = entries.get(key);
            if (entry != null && entry.value().equals(value)) {
                entries.remove(key);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Number of entries in memory, expired ones included. */
    int size() {
        lock.lock();
        try {
            return entries.size();
        } finally {
            lock.unlock();
        }
    }

    private void putLast(K key, V value, long now) {
        entries.putLast(key, new Entry<>(value, now));
        for (int removed = 0; removed < MAX_REMOVED_PER_PUT; removed++) {
            if (entries.size() <= maxEntries && !isExpired(entries.firstEntry().getValue(), now)) {
                return;
            }
            entries.pollFirstEntry();
        }
    }

    private boolean isExpired(Entry<V> entry, long now) {
        return now - entry.since() >= memoryNanos;
    }
}
