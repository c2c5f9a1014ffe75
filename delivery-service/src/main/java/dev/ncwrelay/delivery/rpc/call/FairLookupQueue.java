package dev.ncwrelay.delivery.rpc.call;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fair queue of lookups: one lookup per user runs at a time, round robin between users. So a user with many lookups
 * delays only their own.
 */
final class FairLookupQueue {

    private final Executor readers;
    private final int perUser;
    private final int all;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, ArrayDeque<Runnable>> waiting = new HashMap<>();
    private final ArrayDeque<String> order = new ArrayDeque<>();
    private int idleReaders;
    private int size;

    /** Whether a lookup was added. */
    enum AddResult {
        ADDED,
        USER_FULL,
        FULL
    }

    /**
     * Creates it.
     *
     * @param readers runs lookups, {@code count} at the same time
     * @param count maximum number of lookups that run at the same time
     * @param perUser maximum number of waiting and running lookups of one user
     * @param all maximum number of waiting and running lookups of all users
     */
    FairLookupQueue(Executor readers, int count, int perUser, int all) {
        this.readers = readers;
        this.idleReaders = count;
        this.perUser = perUser;
        this.all = all;
    }

    /** Adds a lookup unless the user's or the node's limit is reached. */
    AddResult add(String user, Runnable lookup) {
        lock.lock();
        try {
            var mine = waiting.getOrDefault(user, new ArrayDeque<>());
            if (mine.size() >= perUser) {
                return AddResult.USER_FULL;
            }
            if (size >= all) {
                return AddResult.FULL;
            }
            size++;
            mine.add(lookup);
            if (waiting.putIfAbsent(user, mine) == null) {
                order.add(user);
            }
            if (idleReaders > 0 && !order.isEmpty()) {
                idleReaders--;
                readers.execute(this::runLookups);
            }
            return AddResult.ADDED;
        } finally {
            lock.unlock();
        }
    }

    /** Runs lookups, one of each user in turn, until none waits. A running lookup stays first in its user's queue. */
    private void runLookups() {
        boolean isComplete = false;
        try {
            for (var user = next(); user != null; user = next()) {
                try {
                    first(user).run();
                } finally {
                    done(user);
                }
            }
            isComplete = true;
        } finally {
            if (!isComplete) {
                // A lookup has thrown: the reader continues with the others.
                readers.execute(this::runLookups);
            }
        }
    }

    private @Nullable String next() {
        lock.lock();
        try {
            var user = order.poll();
            if (user == null) {
                idleReaders++;
            }
            return user;
        } finally {
            lock.unlock();
        }
    }

    private Runnable first(String user) {
        lock.lock();
        try {
            return Objects.requireNonNull(waiting.get(user)).getFirst();
        } finally {
            lock.unlock();
        }
    }

    private void done(String user) {
        lock.lock();
        try {
            var mine = Objects.requireNonNull(waiting.get(user));
            mine.removeFirst();
            size--;
            if (mine.isEmpty()) {
                waiting.remove(user);
            } else {
                order.add(user);
            }
        } finally {
            lock.unlock();
        }
    }
}
