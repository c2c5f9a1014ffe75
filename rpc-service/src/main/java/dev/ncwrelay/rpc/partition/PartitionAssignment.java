package dev.ncwrelay.rpc.partition;

import dev.ncwrelay.rpc.dispatch.DeviceSequencer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition for as long as this instance has it. Work keeps the assignment under which it began, so what finishes
 * after the end changes nothing any more, even if the partition has come back meanwhile.
 *
 * <ol>
 *   <li>Nothing is read before it is known what the owner before left.
 *   <li>What must not be carried out twice begins when Kafka has the note that it may have. Kafka takes such a note, a
 *       commit, from the partition's owner only; so an instance that was given up for dead begins nothing when it
 *       wakes.
 *   <li>At the end, what still runs is interrupted, except what must not be carried out twice: that is finished here
 *       and its answer published, and the next owner waits for the answer.
 * </ol>
 *
 * <p>Safe for use by many threads, except the methods about commits: the poll thread's.
 */
public final class PartitionAssignment {

    private enum State {
        TAKING_OVER,
        OPEN,
        DRAINING,
        ENDED
    }

    private final TopicPartition partition;
    private final Duration memory;
    private final Runnable wakeup;
    private final DeviceSequencer sequencer = new DeviceSequencer();
    private final Set<Thread> workers = new HashSet<>();

    /** Those among them that carry out what must not be carried out twice, with its offset. */
    private final Map<Thread, Long> nonRepeatable = new HashMap<>();

    /** The offsets of what waits for its note. */
    private final Set<Long> awaitingCommit = new HashSet<>();

    private volatile OffsetTracker offsets = new OffsetTracker(PartitionProgress.at(0));
    private volatile RequestDeduplicator requests;
    private State state = State.TAKING_OVER;
    private boolean nearMetadataLimit;
    private long wantedChange;
    private long committedChange;
    private long requestedChange;

    /**
     * @param memory how long answered requests are remembered
     * @param wake tells the poll thread that there is something to commit
     */
    public PartitionAssignment(TopicPartition partition, Duration memory, Runnable wake) {
        this.partition = partition;
        this.memory = memory;
        this.wakeup = wake;
        this.requests = new RequestDeduplicator(Map.of(), memory);
    }

    public TopicPartition partition() {
        return partition;
    }

    public OffsetTracker offsets() {
        return offsets;
    }

    public RequestDeduplicator requests() {
        return requests;
    }

    public DeviceSequencer sequencer() {
        return sequencer;
    }

    /** What the owner before left is known: records may come. */
    public synchronized void open(HandoverState found) {
        if (state == State.TAKING_OVER) {
            offsets = new OffsetTracker(found.progress());
            requests = new RequestDeduplicator(found.answered(), memory);
            state = State.OPEN;
        }
    }

    public synchronized boolean isLoadingHandover() {
        return state == State.TAKING_OVER;
    }

    synchronized boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether more may be read: not while a commit could hardly say any more what is finished and what is not. */
    synchronized boolean isReadable() {
        return state == State.OPEN && !nearMetadataLimit;
    }

    /** Whether the calling thread's work is still to be answered here. */
    synchronized boolean isHeld() {
        return state != State.ENDED || nonRepeatable.containsKey(Thread.currentThread());
    }

    /** The calling thread's work wants to begin; false when the partition is going away and it is for the next owner. */
    public synchronized boolean begin() {
        return state == State.OPEN && workers.add(Thread.currentThread());
    }

    /**
     * The calling thread's work is about to do what must not be done twice. Waits until Kafka has the note of it.
     *
     * @return false when the partition is going away, and it must not begin
     */
    boolean beginNonRepeatable(long offset) throws InterruptedException {
        long change;
        synchronized (this) {
            if (state != State.OPEN) {
                return false;
            }
            change = offsets.markUncertain(offset);
            wantedChange = change;
            awaitingCommit.add(offset);
        }
        wakeup.run();
        synchronized (this) {
            while (state == State.OPEN && committedChange < change) {
                wait();
            }
            if (!awaitingCommit.remove(offset)) {
                return false;
            }
            nonRepeatable.put(Thread.currentThread(), offset);
            return true;
        }
    }

    /** The calling thread's work is over, finished or not. */
    public synchronized void end() {
        workers.remove(Thread.currentThread());
        nonRepeatable.remove(Thread.currentThread());
        notifyAll();
    }

    /** No more work begins. What waits for its note has not begun, whether or not its thread knows that yet. */
    public synchronized void drain() {
        state = State.DRAINING;
        awaitingCommit.forEach(offsets::markOpen);
        awaitingCommit.clear();
        notifyAll();
    }

    /** Waits until no work is running, until a moment of {@link System#nanoTime} at the most. */
    synchronized void awaitIdle(long until) throws InterruptedException {
        while (!workers.isEmpty()) {
            long remaining = until - System.nanoTime();
            if (remaining <= 0) {
                return;
            }
            // Rounded up: a wait of 0 would be one without end.
            wait(Duration.ofNanos(remaining).toMillis() + 1);
        }
    }

    /**
     * The next commit says of what must not be carried out twice, and still runs, that this instance finishes it.
     *
     * @return how many these are
     */
    synchronized int handOver() {
        nonRepeatable.values().forEach(offsets::markRunning);
        return nonRepeatable.size();
    }

    /** Nothing can be committed any more; what still runs and may be repeated is for the next owner. */
    public synchronized void close() {
        state = State.ENDED;
        workers.stream().filter(worker -> !nonRepeatable.containsKey(worker)).forEach(Thread::interrupt);
        notifyAll();
    }

    /** Whether an owner before may still answer something here. */
    public synchronized boolean hasUncertain() {
        return state != State.ENDED && offsets.hasUncertain();
    }

    /** Whether work waits for a note that was not asked for yet. */
    public synchronized boolean needsCommit() {
        return wantedChange > requestedChange;
    }

    /** The progress, if it has changed since it was last asked for; it counts as asked for from now on. */
    public synchronized Optional<OffsetTracker.Snapshot> uncommitted() {
        var snapshot = offsets.changedSince(requestedChange);
        snapshot.ifPresent(changed -> {
            requestedChange = changed.change();
            nearMetadataLimit = ProgressCodec.isNearLimit(changed.progress());
        });
        return snapshot;
    }

    synchronized void committed(OffsetTracker.Snapshot snapshot) {
        committedChange = Math.max(committedChange, snapshot.change());
        notifyAll();
    }

    /** What was asked for last is not on Kafka. */
    synchronized void commitFailed() {
        requestedChange = committedChange;
    }
}
