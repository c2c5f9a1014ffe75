package dev.ncwrelay.rpc.dispatch;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs work, each piece on a thread of its own, within bounds per device and in total.
 *
 * <ol>
 *   <li>{@link #submit} never blocks: work beyond a bound waits here.
 *   <li>The work of one device starts in the order of its submission.
 *   <li>Work waits for capacity only: a busy device does not hold up others.
 *   <li>{@link #isDeviceFull} when a device uses its share of the capacity: further work of it should be rejected.
 *   <li>{@link #isFull} and {@link #hasCapacity} have different thresholds (hysteresis), so that the caller does not
 *       pause and resume with every piece.
 * </ol>
 *
 * <p>Safe for use by many threads.
 */
public final class DeviceDispatcher {

    /** Share of the bound below which there is capacity again, after the bound was reached. */
    private static final double RESUME_RATIO = 0.95;

    /** The share of {@code bytes} that one device may use is one in this many. */
    private static final int DEVICES_PER_BYTES = 4;

    private final Bounds bounds;
    private final Executor threads;
    private final Map<String, DeviceQueue> queues = new HashMap<>();

    /** Work that waits only for the total bound. */
    private final Queue<Work> ready = new ArrayDeque<>();

    private int running;
    private int waiting;
    private long bytes;

    /**
     * Maximum amounts of work.
     *
     * @param running pieces that run at once; as many may wait before {@link #isFull}
     * @param runningOfDevice pieces of one device that run at once
     * @param waitingOfDevice pieces of one device that wait, before {@link #isDeviceFull}
     * @param bytes of all work, running and waiting, before {@link #isFull}
     */
    public record Bounds(int running, int runningOfDevice, int waitingOfDevice, long bytes) {}

    /** The work of one device: the number that counts against its bound, and the work that waits for it. */
    private static final class DeviceQueue {
        private final Queue<Work> waiting = new ArrayDeque<>();
        private int active;
        private long bytes;
    }

    private record Work(String device, long bytes, Runnable run) {}

    /** @param threads must start a new thread for each task */
    public DeviceDispatcher(Bounds bounds, Executor threads) {
        this.bounds = bounds;
        this.threads = threads;
    }

    /**
     * Runs the work as soon as the bounds allow it.
     *
     * @param size in bytes, of the record that the work is for
     */
    public synchronized void submit(String device, long size, Runnable run) {
        waiting++;
        bytes += size;
        var work = new Work(device, size, run);
        var queue = queues.computeIfAbsent(device, _ -> new DeviceQueue());
        queue.bytes += size;
        if (queue.active == bounds.runningOfDevice()) {
            queue.waiting.add(work);
            return;
        }
        queue.active++;
        ready.add(work);
        startNext();
    }

    /** No more work should be submitted for now. */
    public synchronized boolean isFull() {
        return running + ready.size() >= bounds.running() || waiting >= bounds.running() || bytes >= bounds.bytes();
    }

    /** There is enough capacity to submit work again. */
    public synchronized boolean hasCapacity() {
        double threshold = bounds.running() * RESUME_RATIO;
        return running + ready.size() <= threshold && waiting <= threshold && bytes <= bounds.bytes() * RESUME_RATIO;
    }

    /** Whether the device uses its share of the capacity. */
    public synchronized boolean isDeviceFull(String device) {
        var queue = queues.get(device);
        return queue != null
                && (queue.waiting.size() >= bounds.waitingOfDevice()
                        || queue.bytes >= bounds.bytes() / DEVICES_PER_BYTES);
    }

    public synchronized int running() {
        return running;
    }

    public synchronized int waiting() {
        return waiting;
    }

    /** Threads are started under the lock: otherwise two of one device could start in the wrong order. */
    private void startNext() {
        if (running == bounds.running() || ready.isEmpty()) {
            return;
        }
        var next = ready.remove();
        running++;
        waiting--;
        try {
            threads.execute(() -> {
                try {
                    next.run().run();
                } finally {
                    ended(next);
                }
            });
        } catch (RejectedExecutionException e) {
            // The service is stopping; the next owner of the partition processes what waits.
            running--;
        }
    }

    private synchronized void ended(Work work) {
        running--;
        bytes -= work.bytes();
        var queue = Objects.requireNonNull(queues.get(work.device()), "work ended of a device without work");
        queue.bytes -= work.bytes();
        var next = queue.waiting.poll();
        if (next != null) {
            ready.add(next);
        } else if (--queue.active == 0) {
            queues.remove(work.device());
        }
        startNext();
    }
}
