package dev.ncwrelay.kafka.tail;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The next offset of each partition, and waiting for an offset to be applied. */
final class TailProgress {

    private final long[] next;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();

    TailProgress(int partitions) {
        next = new long[partitions];
        Arrays.fill(next, -1);
    }

    /** The offset to read next; negative before the partition is positioned. */
    long next(int partition) {
        lock.lock();
        try {
            return next[partition];
        } finally {
            lock.unlock();
        }
    }

    /** All records before {@code offset} have been applied. */
    void advance(int partition, long offset) {
        lock.lock();
        try {
            next[partition] = offset;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the record at {@code offset} has been applied; false when it takes longer. */
    boolean await(int partition, long offset, Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (next[partition] <= offset) {
                if (left <= 0) {
                    return false;
                }
                left = moved.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
