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
 * One partition while it is assigned to this instance. Work keeps the assignment under which it began, so work that
 * ends after the assignment changes nothing, even if the partition was assigned again in the meantime.
 *
 * <ol>
 *   <li>No record is read before the hand-over state is loaded.
 *   <li>A non-repeatable call begins only when Kafka has the mark that it may have been made. Kafka accepts such a
 *       mark, which is a commit, from the owner of the partition only: an instance whose session expired starts
 *       nothing.
 *   <li>At the end, running work is interrupted, except non-repeatable calls: these finish here and are replied to, and
 *       the next owner waits for the replies.
 * </ol>
 *
 * <p>Safe for use by many threads, except the methods about commits, which only the poll thread may call.
 */
public final class PartitionAssignment {

    private enum State {
        LOADING_HANDOVER,
        OPEN,
        DRAINING,
        ENDED
    }

    private final TopicPartition partition;
    private final Duration memory;
    private final Runnable wakeup;
    private final DeviceSequencer sequencer = new DeviceSequencer();
    private final Set<Thread> workers = new HashSet<>();

    /** The workers that make a non-repeatable call, with the offset of its record. */
    private final Map<Thread, Long> nonRepeatable = new HashMap<>();

    /** Offsets of records whose call waits for the commit of its mark. */
    private final Set<Long> awaitingCommit = new HashSet<>();

    private volatile OffsetTracker offsets = new OffsetTracker(PartitionProgress.at(0));
    private volatile RequestDeduplicator requests;
    private State state = State.LOADING_HANDOVER;
    private boolean nearMetadataLimit;
    private long wantedChange;
    private long committedChange;
    private long requestedChange;

    /**
     * @param memory how long answered requests are kept
     * @param wake wakes the poll thread up, because there is something to commit
     */
    public PartitionAssignment(TopicPartition partition, Duration memory, Runnable wake) {
        this.partition = partition;
        this.memory = memory;
        this.wakeup = wake;
        this.requests = new RequestDeduplicator(Map.of(), memory, System::nanoTime);
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

    /** The hand-over state is loaded: records may be read. */
    public synchronized void open(HandoverState found) {
        if (state == State.LOADING_HANDOVER) {
            offsets = new OffsetTracker(found.progress());
            requests = new RequestDeduplicator(found.answered(), memory, System::nanoTime);
            state = State.OPEN;
        }
    }

    public synchronized boolean isLoadingHandover() {
        return state == State.LOADING_HANDOVER;
    }

    synchronized boolean isOpen() {
        return state == State.OPEN;
    }

    /** False also when the commit metadata is nearly full: then no more records are read. */
    synchronized boolean isReadable() {
        return state == State.OPEN && !nearMetadataLimit;
    }

    /** Whether a reply of the calling thread's work is still wanted. False when the partition was reassigned. */
    synchronized boolean isHeld() {
        return state != State.ENDED || nonRepeatable.containsKey(Thread.currentThread());
    }

    /**
     * Registers the calling thread's work. False when the partition is being revoked: the next owner processes the
     * record.
     */
    public synchronized boolean begin() {
        return state == State.OPEN && workers.add(Thread.currentThread());
    }

    /**
     * The calling thread's work is about to make a non-repeatable call. Waits until Kafka has the mark of it.
     *
     * @return false when the partition is being revoked, and the call must not be made
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

    /** The calling thread's work has ended, with or without a result. */
    public synchronized void end() {
        workers.remove(Thread.currentThread());
        nonRepeatable.remove(Thread.currentThread());
        notifyAll();
    }

    /**
     * No more work begins. A call that waits for the commit of its mark counts as not made; its thread may learn that
     * later.
     */
    public synchronized void drain() {
        state = State.DRAINING;
        awaitingCommit.forEach(offsets::markOpen);
        awaitingCommit.clear();
        notifyAll();
    }

    /** Waits until no work is running, at most until this {@link System#nanoTime}. */
    synchronized void awaitIdle(long until) throws InterruptedException {
        while (!workers.isEmpty()) {
            long remaining = until - System.nanoTime();
            if (remaining <= 0) {
                return;
            }
            // Rounded up: wait(0) would wait without a timeout.
            wait(Duration.ofNanos(remaining).toMillis() + 1);
        }
    }

    /**
     * Marks the running non-repeatable calls, so that the next commit tells the next owner to wait for them.
     *
     * @return how many these are
     */
    synchronized int handOver() {
        nonRepeatable.values().forEach(offsets::markRunning);
        return nonRepeatable.size();
    }

    /** The partition is no longer assigned, so nothing can be committed. Repeatable work is left to the next owner. */
    public synchronized void close() {
        state = State.ENDED;
        workers.stream().filter(worker -> !nonRepeatable.containsKey(worker)).forEach(Thread::interrupt);
        notifyAll();
    }

    /** Whether a previous owner may still reply to a request of this partition. */
    public synchronized boolean hasUncertain() {
        return state != State.ENDED && offsets.hasUncertain();
    }

    /** Whether work waits for a mark that is in no commit yet. */
    public synchronized boolean needsCommit() {
        return wantedChange > requestedChange;
    }

    /** The progress, if it has changed since the last call of this method. */
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

    /** The commit of the last returned progress failed. */
    synchronized void commitFailed() {
        requestedChange = committedChange;
    }
}
