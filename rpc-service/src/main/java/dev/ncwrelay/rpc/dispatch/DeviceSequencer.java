package dev.ncwrelay.rpc.dispatch;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The records of each device are looked at in the order of the log, though they are read on many threads. Else a
 * request that is on the log twice could be carried out for its second record, before the first one has shown that it
 * may have been carried out already.
 */
public final class DeviceSequencer {

    private final Map<String, Slot> last = new ConcurrentHashMap<>();

    /** The next turn of the device; to be ended in any case. Asked for in the order of the log. */
    public Slot next(String device) {
        var turn = new Slot(device);
        turn.before = last.put(device, turn);
        return turn;
    }

    /** One record's turn. */
    public final class Slot {

        private final String device;
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private volatile @Nullable Slot before;

        private Slot(String device) {
            this.device = device;
        }

        /** Waits until it has come. */
        public void await() throws InterruptedException {
            var earlier = before;
            if (earlier != null) {
                try {
                    earlier.ended.get();
                } catch (ExecutionException e) {
                    throw new IllegalStateException("turns do not fail", e);
                }
            }
        }

        public boolean hasCome() {
            var earlier = before;
            return earlier == null || earlier.ended.isDone();
        }

        /** Ends it; what has not waited for its turn ends it when it has come. Said twice, it counts once. */
        public void end() {
            var earlier = before;
            if (earlier == null) {
                release();
            } else {
                var _ = earlier.ended.thenRun(this::release);
            }
        }

        private void release() {
            // Nobody asks any more, and a chain of turns must not be kept.
            before = null;
            last.remove(device, this);
            ended.complete(null);
        }
    }
}
