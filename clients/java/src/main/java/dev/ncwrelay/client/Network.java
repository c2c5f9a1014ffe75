package dev.ncwrelay.client;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The network that the device uses. Only the app knows when it is another one: connections of the former may be silent for a
 * while before they fail. Safe for use by several threads.
 */
final class Network {

    private final Set<Use> uses = new HashSet<>();
    private boolean isClosed;

    /** A connection, request or wait that is of no use on another network. */
    final class Use implements AutoCloseable {

        private final CompletableFuture<Void> over = new CompletableFuture<>();

        /** Done when the network is another one, or the client is closed. */
        CompletableFuture<Void> over() {
            return over;
        }

        @Override
        public void close() {
            synchronized (uses) {
                uses.remove(this);
            }
        }
    }

    /** Begins now, and must be closed. */
    Use use() {
        var use = new Use();
        synchronized (uses) {
            if (!isClosed) {
                uses.add(use);
                return use;
            }
        }
        use.over.complete(null);
        return use;
    }

    /** From now on it is another one. Does not block. */
    void changed() {
        List<Use> former;
        synchronized (uses) {
            former = List.copyOf(uses);
            uses.clear();
        }
        former.forEach(use -> use.over.complete(null));
    }

    /** There is none any more. */
    void close() {
        synchronized (uses) {
            isClosed = true;
        }
        changed();
    }
}
