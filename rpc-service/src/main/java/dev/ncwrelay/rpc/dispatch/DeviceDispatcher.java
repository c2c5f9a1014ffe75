package dev.ncwrelay.rpc.dispatch;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs work, each piece on a thread of its own, within bounds for each device and for all.
 *
 * <ol>
 *   <li>{@link #submit} never blocks: what is over a bound waits here.
 *   <li>The work of one device begins in the order in which it came.
 *   <li>Work waits for nothing but room: a device with much to do does not hold up others.
 *   <li>A device that has more than its share here is crowded: what else comes of it had better be refused.
 *   <li>Full and roomy lie apart, so that whoever feeds it need not stop and go with every piece.
 * </ol>
 *
 * <p>Safe for use by many threads.
 */
public final class DeviceDispatcher {

    /** Share of the bound below which more is wanted again; what lies between is not used after the bound was met. */
    private static final double RESUME_RATIO = 0.95;

    /** Of the bytes of all, those that one device may have here. */
    private static final int DEVICES_PER_BYTES = 4;

    private final Bounds bounds;
    private final Executor threads;
    private final Map<String, DeviceQueue> queues = new HashMap<>();

    /** Work that only the bound for all holds back. */
    private final Queue<Work> ready = new ArrayDeque<>();

    private int running;
    private int waiting;
    private long bytes;

    /**
     * How much there may be.
     *
     * @param running of all work at once; as much may wait before {@link #isFull}
     * @param runningOfDevice of one device's
     * @param waitingOfDevice beside that, before it is crowded
     * @param bytes of all work, running and waiting, before {@link #isFull}
     */
    public record Bounds(int running, int runningOfDevice, int waitingOfDevice, long bytes) {}

    /** The work of one device: what counts against its bound, and what waits for that. */
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
     * Runs the work as soon as there is room for it.
     *
     * @param size of what the work is about, in bytes
     */
    public synchronized void submit(String device, long size, Runnable run) {
        waiting++;
        bytes += size;
        var work = new Work(device, size, run);
        var lane = queues.computeIfAbsent(device, _ -> new DeviceQueue());
        lane.bytes += size;
        if (lane.active == bounds.runningOfDevice()) {
            lane.waiting.add(work);
            return;
        }
        lane.active++;
        ready.add(work);
        startNext();
    }

    /** Nothing more should be submitted for now. */
    public synchronized boolean isFull() {
        return running + ready.size() >= bounds.running() || waiting >= bounds.running() || bytes >= bounds.bytes();
    }

    /** There is enough room to go on submitting. */
    public synchronized boolean hasCapacity() {
        double roomy = bounds.running() * RESUME_RATIO;
        return running + ready.size() <= roomy && waiting <= roomy && bytes <= bounds.bytes() * RESUME_RATIO;
    }

    /** Whether the device has its share of the room. */
    public synchronized boolean isDeviceFull(String device) {
        var lane = queues.get(device);
        return lane != null
                && (lane.waiting.size() >= bounds.waitingOfDevice()
                        || lane.bytes >= bounds.bytes() / DEVICES_PER_BYTES);
    }

    public synchronized int running() {
        return running;
    }

    public synchronized int waiting() {
        return waiting;
    }

    /** Threads are started under the lock, or two of one device might be started in the wrong order. */
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
            // The service stops; what waits is for the next owner of its partition.
            running--;
        }
    }

    private synchronized void ended(Work work) {
        running--;
        bytes -= work.bytes();
        var lane = Objects.requireNonNull(queues.get(work.device()), "work ended of a device that has none");
        lane.bytes -= work.bytes();
        var next = lane.waiting.poll();
        if (next != null) {
            ready.add(next);
        } else if (--lane.active == 0) {
            queues.remove(work.device());
        }
        startNext();
    }
}
