package dev.ncwrelay.delivery.messages.subscription;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Measures how long a subscription's current send blocks, so that a send to a client that does not read is ended. */
final class SendMonitor {

    private volatile long sendingSince;
    private volatile @Nullable Thread thread;

    /** A call that sends to the client. */
    interface Sending {
        void send() throws IOException;
    }

    /** The calling thread works on the subscription from now on. */
    void enter() {
        thread = Thread.currentThread();
    }

    /** No thread works on the subscription any more. */
    void leave() {
        thread = null;
    }

    /** Sends, and measures the time. To be called between {@link #enter} and {@link #leave}. */
    void send(Sending sending) throws IOException {
        sendingSince = System.nanoTime();
        try {
            sending.send();
        } finally {
            sendingSince = 0;
        }
    }

    /**
     * If the current send has blocked for longer than {@code maxDuration}, runs {@code beforeInterrupt} and interrupts
     * its thread.
     *
     * @param now as of {@link System#nanoTime}
     */
    void interruptIfSlow(long now, Duration maxDuration, Runnable beforeInterrupt) {
        long since = sendingSince;
        var sender = thread;
        if (since != 0 && now - since > maxDuration.toNanos() && sender != null) {
            beforeInterrupt.run();
            sender.interrupt();
        }
    }
}
