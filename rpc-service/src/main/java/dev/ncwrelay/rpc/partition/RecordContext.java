package dev.ncwrelay.rpc.partition;

import dev.ncwrelay.rpc.dispatch.DeviceSequencer;
import dev.ncwrelay.rpc.request.RequestKey;
import java.time.Duration;

/**
 * A record's place on the log, and what this instance may do there.
 *
 * @param inheritedState what the owner before knew of the record
 * @param slot among the records of its device
 * @param readAt when the record was read, as {@link System#nanoTime} has it
 */
public record RecordContext(
        PartitionAssignment assignment,
        long offset,
        OffsetState inheritedState,
        DeviceSequencer.Slot slot,
        long readAt) {

    /** How long an owner that may be dead is waited for. */
    private static final Duration UNKNOWN_OWNER_TIMEOUT = Duration.ofSeconds(3);

    /** Within it an answer that came in time is on the log. */
    private static final Duration REPLY_GRACE = Duration.ofSeconds(5);

    /** False once somebody else has the partition, and with it the duty to finish. */
    public boolean isHeld() {
        return assignment.isHeld();
    }

    /** Whether an owner before may have carried the record out. */
    public boolean isUncertain() {
        return inheritedState == OffsetState.UNCERTAIN || inheritedState == OffsetState.RUNNING;
    }

    /**
     * Waits for the answer of an owner before that may have carried the record out: until nobody waits for it any more
     * if that owner is at work, else for a moment only, in case that it was given up for dead and is not.
     *
     * @param remaining until the request's deadline
     * @return whether the answer is on the log, and the record needs nothing more
     */
    public boolean awaitInheritedReply(RequestKey request, Duration remaining) throws InterruptedException {
        var longest = switch (inheritedState) {
            case OPEN, FINISHED -> Duration.ZERO;
            case UNCERTAIN -> UNKNOWN_OWNER_TIMEOUT;
            case RUNNING -> remaining.plus(REPLY_GRACE);
        };
        if (!longest.isPositive()) {
            return false;
        }
        var reply = assignment.requests().awaitReply(request, longest);
        reply.ifPresent(offset -> answered(request, offset));
        return reply.isPresent();
    }

    /** What to do with the record; waits until that is known of its device's records before it. */
    public RequestDeduplicator.Admission admit(RequestKey request) throws InterruptedException {
        slot.await();
        try {
            return assignment.requests().admit(request, offset);
        } finally {
            slot.end();
        }
    }

    /** The same, without regard to the records before it: of those none can have been carried out by an owner before. */
    public RequestDeduplicator.Admission admitNow(RequestKey request) {
        return assignment.requests().admit(request, offset);
    }

    /** Waits for leave to do what must not be done twice; false when the partition is going away. */
    public boolean beginNonRepeatable() throws InterruptedException {
        return assignment.beginNonRepeatable(offset);
    }

    /** The record needs nothing more. */
    public void finished() {
        assignment.offsets().finished(offset);
    }

    /** The request will have no reply: its records need nothing more all the same. */
    public void abandoned(RequestKey request) {
        assignment.requests().abandoned(request).forEach(assignment.offsets()::finished);
    }

    /** The request's reply is on the log, at this offset: its records need nothing more. */
    public void answered(RequestKey request, long replyOffset) {
        assignment.requests().answered(request, replyOffset).forEach(assignment.offsets()::finished);
    }
}
