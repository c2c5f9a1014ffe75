package dev.ncwrelay.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Messages that have come and that the app has not taken yet, in order. Transports put in, on one thread; the app takes.
 *
 * <ol>
 *   <li>It holds a bounded number of messages: transports wait for room before they accept more.
 *   <li>A message whose id is among the latest thousand is dropped.
 *   <li>What is in it is not lost when a connection ends: the position to continue from is after it.
 *   <li>A gap and the end are taken after all messages before them.
 * </ol>
 */
final class Inbox {

    static final int CAPACITY = 64;
    private static final int KNOWN_IDS = 1_000;

    /** What the app takes. */
    sealed interface Item {

        record Arrived(Message message) implements Item {}

        /** Stays until it is decided. */
        record Missing(Gap gap) implements Item {}

        /** Stays. */
        record Ended(RelayException cause) implements Item {}
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition demanded = lock.newCondition();
    private final Queue<Message> queue = new ArrayDeque<>();
    private final Set<String> known = new LinkedHashSet<>();
    private @Nullable String position;
    private long accepted;
    private int takers;
    private @Nullable Gap gap;
    private @Nullable RelayException end;
    private Runnable onDemand = () -> {};

    Inbox(@Nullable String position) {
        this.position = position;
    }

    /** Where the next connection continues; null before the first message, if the app gave none. */
    @Nullable
    String position() {
        lock.lock();
        try {
            return position;
        } finally {
            lock.unlock();
        }
    }

    /** How many messages have been accepted. */
    long accepted() {
        lock.lock();
        try {
            return accepted;
        } finally {
            lock.unlock();
        }
    }

    /** How many more messages fit. */
    int room() {
        lock.lock();
        try {
            return CAPACITY - queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** True while the app waits for a message. */
    boolean isAwaited() {
        lock.lock();
        try {
            return takers > 0 && queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** What to run when the app takes a message, or begins to wait for one. */
    void onDemand(Runnable action) {
        lock.lock();
        try {
            onDemand = action;
        } finally {
            lock.unlock();
        }
    }

    /** Accepts the next message, whose position is then passed. */
    void offer(Message message) {
        lock.lock();
        try {
            position = message.cursor();
            accepted++;
            if (!known.add(message.id())) {
                return;
            }
            if (known.size() > KNOWN_IDS) {
                Iterator<String> oldest = known.iterator();
                oldest.next();
                oldest.remove();
            }
            queue.add(message);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Passes a position up to which nothing is for this consumer. */
    void advance(String to) {
        lock.lock();
        try {
            position = to;
        } finally {
            lock.unlock();
        }
    }

    /** Returns when this many messages fit, or after that time; true when they fit. */
    boolean awaitRoom(int room, Duration limit) throws InterruptedException {
        long nanos = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (CAPACITY - queue.size() < room && nanos > 0) {
                nanos = demanded.awaitNanos(nanos);
            }
            return CAPACITY - queue.size() >= room;
        } finally {
            lock.unlock();
        }
    }

    /** Returns when this many messages fit. */
    void awaitRoom(int room) throws InterruptedException {
        while (!awaitRoom(room, Duration.ofDays(1))) {
            // Only the app makes room.
        }
    }

    /** Shows the app a gap; returns when it has decided to continue. */
    void awaitDecision(Gap missing) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            gap = missing;
            arrived.signalAll();
            while (gap != null) {
                demanded.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Something else has changed that the transport waits for. */
    void demand() {
        lock.lock();
        try {
            onDemand.run();
        } finally {
            lock.unlock();
        }
    }

    /** Continues after a gap, from its earliest position. */
    void continueAfter(Gap decided) {
        lock.lock();
        try {
            if (decided.equals(gap)) {
                gap = null;
                position = decided.earliest();
                demanded.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next item, which stays when it is no message; null when none comes within that time. */
    @Nullable
    Item take(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        takers++;
        try {
            long left = nanos;
            while (true) {
                var item = next();
                demanded.signalAll();
                onDemand.run();
                if (item != null || left <= 0) {
                    return item;
                }
                left = arrived.awaitNanos(left);
            }
        } finally {
            takers--;
            lock.unlock();
        }
    }

    private @Nullable Item next() {
        var message = queue.poll();
        if (message != null) {
            return new Item.Arrived(message);
        }
        if (end != null) {
            return new Item.Ended(end);
        }
        return gap == null ? null : new Item.Missing(gap);
    }

    /** No more messages come, for this reason; the first one counts. */
    void end(RelayException cause) {
        lock.lock();
        try {
            if (end == null) {
                end = cause;
            }
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The same at once: what is there is not delivered any more. */
    void close() {
        lock.lock();
        try {
            queue.clear();
            end = RelayException.closed();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    static long nanos(Duration time) {
        // A duration of centuries has no number of nanoseconds.
        return time.compareTo(Duration.ofDays(10_000)) > 0 ? Long.MAX_VALUE : time.toNanos();
    }
}
