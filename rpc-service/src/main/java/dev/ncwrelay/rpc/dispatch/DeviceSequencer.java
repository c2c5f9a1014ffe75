package dev.ncwrelay.rpc.dispatch;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Sequences the records of each device in offset order across threads. Otherwise the second record of a repeated
 * request could be processed before the first one shows that a previous owner may have processed it.
 */
public final class DeviceSequencer {

    private final Map<String, Slot> last = new ConcurrentHashMap<>();

    /** The next slot of the device; it must be ended. Called in offset order. */
    public Slot next(String device) {
        var slot = new Slot(device);
        slot.before = last.put(device, slot);
        return slot;
    }

    /** The slot of one record in its device's sequence. */
    public final class Slot {

        private final String device;
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private volatile @Nullable Slot before;

        private Slot(String device) {
            this.device = device;
        }

        /** Waits until all previous slots of the device have ended. */
        public void await() throws InterruptedException {
            var earlier = before;
            if (earlier != null) {
                try {
                    earlier.ended.get();
                } catch (ExecutionException e) {
                    throw new IllegalStateException("slots do not fail", e);
                }
            }
        }

        public boolean hasCome() {
            var earlier = before;
            return earlier == null || earlier.ended.isDone();
        }

        /** Ends the slot; if previous slots have not ended, it ends when they have. Idempotent. */
        public void end() {
            var earlier = before;
            if (earlier == null) {
                release();
            } else {
                var _ = earlier.ended.thenRun(this::release);
            }
        }

        private void release() {
            // Drop the reference, so that no chain of slots is retained.
            before = null;
            last.remove(device, this);
            ended.complete(null);
        }
    }
}
