package dev.ncwrelay.rpc.partition;

import dev.ncwrelay.rpc.dispatch.DeviceSequencer;
import dev.ncwrelay.rpc.request.RequestKey;
import java.time.Duration;

/**
 * A record being processed, and its partition assignment.
 *
 * @param inheritedState the state that the previous owner committed
 * @param slot in the sequence of its device's records
 * @param readAt when the record was read, as {@link System#nanoTime}
 */
public record RecordContext(
        PartitionAssignment assignment,
        long offset,
        OffsetState inheritedState,
        DeviceSequencer.Slot slot,
        long readAt) {

    /** How long to wait for the reply of an owner that may have ended. */
    private static final Duration UNKNOWN_OWNER_TIMEOUT = Duration.ofSeconds(3);

    /** Extra time after the deadline, in which a reply that was sent in time arrives. */
    private static final Duration REPLY_GRACE = Duration.ofSeconds(5);

    /** False when the partition was reassigned. */
    public boolean isHeld() {
        return assignment.isHeld();
    }

    /** Whether a previous owner may have processed the record. */
    public boolean isUncertain() {
        return inheritedState == OffsetState.UNCERTAIN || inheritedState == OffsetState.RUNNING;
    }

    /**
     * Waits for the reply of a previous owner that may have processed the record: until shortly after the deadline if
     * that owner is still working, else for a moment, because an owner whose session expired may still be running.
     *
     * @param remaining until the request's deadline
     * @return whether there is a reply, and the record is complete
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

    /** Decides what to do with the record. Waits until the previous records of its device are admitted. */
    public RequestDeduplicator.Admission admit(RequestKey request) throws InterruptedException {
        slot.await();
        try {
            return assignment.requests().admit(request, offset);
        } finally {
            slot.end();
        }
    }

    /** As {@link #admit}, without waiting: only for records whose predecessors no previous owner can have processed. */
    public RequestDeduplicator.Admission admitNow(RequestKey request) {
        return assignment.requests().admit(request, offset);
    }

    /** Waits until Kafka has the mark that the call may have been made; false when the partition is being revoked. */
    public boolean beginNonRepeatable() throws InterruptedException {
        return assignment.beginNonRepeatable(offset);
    }

    /** The record is complete. */
    public void finished() {
        assignment.offsets().finished(offset);
    }

    /** The request will have no reply, and all its records are complete. */
    public void abandoned(RequestKey request) {
        assignment.requests().abandoned(request).forEach(assignment.offsets()::finished);
    }

    /** The reply is acknowledged at this offset, and all records of the request are complete. */
    public void answered(RequestKey request, long replyOffset) {
        assignment.requests().answered(request, replyOffset).forEach(assignment.offsets()::finished);
    }
}
