package dev.ncwrelay.delivery.rpc.call;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gives each user a turn: of one user one lookup runs at a time, and between two of one user everyone else who waits
 * has had one. So a user who asks for many ids delays their own lookups only.
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

    /** Whether a lookup was taken. */
    enum AddResult {
        YES,
        USER_FULL,
        FULL
    }

    /**
     * Creates it.
     *
     * @param readers runs as many turns at the same time as it is given
     * @param count how many turns run at the same time
     * @param perUser lookups of one user that wait or run, at the most
     * @param all lookups that wait or run, at the most
     */
    FairLookupQueue(Executor readers, int count, int perUser, int all) {
        this.readers = readers;
        this.idleReaders = count;
        this.perUser = perUser;
        this.all = all;
    }

    /** Takes a lookup, unless the user or the node has as many as it may. */
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
            return AddResult.YES;
        } finally {
            lock.unlock();
        }
    }

    /** Runs one lookup of each user in turn, until none waits. The one that runs stays first of its user's. */
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
                // A lookup has failed, which must not cost the others a reader.
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
