package dev.ncwrelay.rpc.consume;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The records of each device are looked at in the order of the log, though they are read on many threads. Else a
 * request that is on the log twice could be carried out for its second record, before the first one has shown that it
 * may have been carried out already.
 */
final class Turns {

    private final Map<String, Turn> last = new ConcurrentHashMap<>();

    /** The next turn of the device; to be ended in any case. Asked for in the order of the log. */
    Turn of(String device) {
        var turn = new Turn(device);
        turn.before = last.put(device, turn);
        return turn;
    }

    /** One record's turn. */
    final class Turn {

        private final String device;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile @Nullable Turn before;

        private Turn(String device) {
            this.device = device;
        }

        /** Waits until it has come. */
        void await() throws InterruptedException {
            var earlier = before;
            if (earlier != null) {
                earlier.ended.await();
                before = null;
            }
        }

        boolean hasCome() {
            var earlier = before;
            return earlier == null || earlier.ended.getCount() == 0;
        }

        /** Said twice, it counts once. */
        void end() {
            last.remove(device, this);
            ended.countDown();
        }
    }
}
