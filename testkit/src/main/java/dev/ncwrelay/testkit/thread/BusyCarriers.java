package dev.ncwrelay.testkit.thread;

import java.util.concurrent.CountDownLatch;

/** Keeps every carrier of virtual threads of this JVM computing until it is closed: no other virtual thread runs. */
public final class BusyCarriers implements AutoCloseable {

    private final CountDownLatch started;
    private volatile boolean closed;

    public BusyCarriers() throws InterruptedException {
        var carriers = Integer.getInteger(
                "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
        started = new CountDownLatch(carriers);
        for (int carrier = 0; carrier < carriers; carrier++) {
            Thread.startVirtualThread(this::compute);
        }
        started.await();
    }

    @Override
    public void close() {
        closed = true;
    }

    private void compute() {
        started.countDown();
        while (!closed) {
            Thread.onSpinWait();
        }
    }
}
