package dev.ncwrelay.testkit.http;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** Connections and requests that are to end before they are read. */
public final class Interruptions {
    private final Queue<Abort> connections = new ArrayDeque<>();
    private final Queue<Abort> requests = new ArrayDeque<>();

    /** The next {@code count} connections end as soon as they are accepted, before a byte of a request is read. */
    public synchronized void nextConnections(int count, Abort abort) {
        add(connections, count, abort);
    }

    /** The next {@code count} requests end when their headers have arrived; their bodies stay unread. */
    public synchronized void nextRequests(int count, Abort abort) {
        add(requests, count, abort);
    }

    synchronized Optional<Abort> connection() {
        return Optional.ofNullable(connections.poll());
    }

    synchronized Optional<Abort> request() {
        return Optional.ofNullable(requests.poll());
    }

    private static void add(Queue<Abort> queue, int count, Abort abort) {
        for (int i = 0; i < count; i++) {
            queue.add(abort);
        }
    }
}
