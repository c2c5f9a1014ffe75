package dev.ncwrelay.bench.load;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends on schedule, whether or not earlier sends are answered: a stall of the system does not reduce
 * the load, and it counts in the latency of every send that was due during it.
 */
public final class OpenLoop {

    private final Schedule schedule;
    private final Send send;
    private final Latencies lateness = new Latencies();
    private final AtomicInteger sent = new AtomicInteger();

    /** Begins a send and returns at once. */
    @FunctionalInterface
    public interface Send {
        void begin(int index);
    }

    public OpenLoop(Schedule schedule, Send send) {
        this.schedule = schedule;
        this.send = send;
    }

    /** Sends all that the schedule has. */
    public void run() {
        for (int index = 0; index < schedule.count(); index++) {
            long due = schedule.dueNanos(index);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
            if (schedule.counts(index)) {
                lateness.record(System.nanoTime() - due);
            }
            send.begin(index);
            sent.incrementAndGet();
        }
    }

    /** How much later than scheduled sends began: the load's own part of what is measured. */
    public Latencies lateness() {
        return lateness;
    }

    /** How many have been begun. */
    public int sent() {
        return sent.get();
    }
}
