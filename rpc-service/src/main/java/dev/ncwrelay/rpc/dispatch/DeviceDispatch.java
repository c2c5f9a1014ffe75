package dev.ncwrelay.rpc.dispatch;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs work, each piece on a thread of its own, within two bounds: for each device and for all.
 *
 * <ol>
 *   <li>{@link #submit} never blocks: what is over a bound waits here.
 *   <li>The work of one device begins in the order in which it came.
 *   <li>Work waits for nothing but room: a device with much to do does not hold up others.
 *   <li>Full and roomy lie apart, so that whoever feeds it need not stop and go with every piece.
 * </ol>
 *
 * <p>Safe for use by many threads.
 */
public final class DeviceDispatch {

    /** Share of the bound below which more is wanted again; what lies between is not used after the bound was met. */
    private static final double ROOMY = 0.95;

    private final int bound;
    private final int deviceBound;
    private final Executor threads;
    private final Map<String, Lane> lanes = new HashMap<>();

    /** Work that only the bound for all holds back. */
    private final Queue<Ready> ready = new ArrayDeque<>();

    private int running;
    private int waiting;

    /** The work of one device: what counts against its bound, and what waits for that. */
    private static final class Lane {
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private int taken;
    }

    private record Ready(String device, Runnable work) {}

    /**
     * @param bound of all work that runs at once; as much may wait before {@link #isFull}
     * @param deviceBound of one device's
     * @param threads must start a new thread for each task
     */
    public DeviceDispatch(int bound, int deviceBound, Executor threads) {
        this.bound = bound;
        this.deviceBound = deviceBound;
        this.threads = threads;
    }

    public synchronized void submit(String device, Runnable work) {
        waiting++;
        var lane = lanes.computeIfAbsent(device, _ -> new Lane());
        if (lane.taken == deviceBound) {
            lane.waiting.add(work);
            return;
        }
        lane.taken++;
        ready.add(new Ready(device, work));
        startNext();
    }

    /** Nothing more should be submitted for now. */
    public synchronized boolean isFull() {
        return running + ready.size() >= bound || waiting >= bound;
    }

    /** There is enough room to go on submitting. */
    public synchronized boolean isRoomy() {
        return running + ready.size() <= bound * ROOMY && waiting <= bound * ROOMY;
    }

    public synchronized int running() {
        return running;
    }

    public synchronized int waiting() {
        return waiting;
    }

    /** Threads are started under the lock, or two of one device might be started in the wrong order. */
    private void startNext() {
        if (running == bound || ready.isEmpty()) {
            return;
        }
        var next = ready.remove();
        running++;
        waiting--;
        try {
            threads.execute(() -> {
                try {
                    next.work().run();
                } finally {
                    ended(next.device());
                }
            });
        } catch (RejectedExecutionException e) {
            // The service stops; what waits is for the next owner of its partition.
            running--;
        }
    }

    private synchronized void ended(String device) {
        running--;
        var lane = Objects.requireNonNull(lanes.get(device), "work ended of a device that has none");
        var next = lane.waiting.poll();
        if (next != null) {
            ready.add(new Ready(device, next));
        } else if (--lane.taken == 0) {
            lanes.remove(device);
        }
        startNext();
    }
}
