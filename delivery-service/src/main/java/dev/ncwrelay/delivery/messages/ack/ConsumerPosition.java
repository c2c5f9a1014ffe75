package dev.ncwrelay.delivery.messages.ack;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One consumer's position on this node, and its writes to Kafka.
 *
 * <ol>
 *   <li>At most one write is in flight. Acknowledgements that arrive meanwhile are written together with the next one.
 *   <li>The first acknowledgement of a new name completes when its record has been read back: only then the order of
 *       names is certain.
 *   <li>Futures are completed and records are written without a lock held.
 * </ol>
 */
final class ConsumerPosition {

    /** Each of them is part of every record until all messages before it are acknowledged, too. */
    static final int MAX_INDIVIDUAL = 1_000;

    private static final Duration OWN_REWRITE_DELAY = Duration.ofSeconds(1);
    private static final Duration OTHER_REWRITE_DELAY = Duration.ofSeconds(60);

    private final ConsumerKey key;
    private final int generation;
    private final AckPositionLog log;
    private final Clock clock;
    private final Executor workers;

    private AckPosition known = AckPosition.empty(0);
    private long readUpTo = -1;
    private long writtenUpTo = -1;
    private Instant usedAt = Instant.MIN;
    private @Nullable Instant incompleteSince;
    private boolean isOwnRewrite;
    private boolean isOnTopic;
    private boolean isRemoved;
    private final PendingWrites writes = new PendingWrites();

    ConsumerPosition(ConsumerKey key, int generation, AckPositionLog log, Clock clock, Executor workers) {
        this.key = key;
        this.generation = generation;
        this.log = log;
        this.clock = clock;
        this.workers = workers;
    }

    ConsumerKey key() {
        return key;
    }

    /** True when its offsets belong to this generation of the events topic. */
    boolean isOf(int other) {
        return generation == other;
    }

    /** The stored position; empty when none is stored. */
    synchronized Optional<AckPosition> durable() {
        return isRemoved || (readUpTo < 0 && writtenUpTo < 0) ? Optional.empty() : Optional.of(known);
    }

    /** The position with all writes that are in flight or will follow. */
    synchronized AckPosition latest() {
        return writes.mergedWith(known);
    }

    /** Acknowledges more; empty when this consumer was removed meanwhile: the caller then creates it again. */
    Optional<CompletableFuture<AckOutcome>> acknowledge(AckPosition added) {
        CompletableFuture<AckOutcome> done;
        synchronized (this) {
            if (isRemoved) {
                return Optional.empty();
            }
            var wanted = latest().merge(added);
            if (wanted.individual().size() > MAX_INDIVIDUAL) {
                return Optional.of(CompletableFuture.completedFuture(new AckOutcome.TooManyIndividual(MAX_INDIVIDUAL)));
            }
            if (isOnTopic && known.merge(added).equals(known)) {
                return Optional.of(CompletableFuture.completedFuture(new AckOutcome.Acknowledged()));
            }
            var inFlight = writes.inFlightWith(added);
            if (inFlight.isPresent()) {
                return Optional.of(inFlight.get().copy());
            }
            done = writes.schedule(wanted);
        }
        writeNext();
        return Optional.of(done.copy());
    }

    /** Writes the known position again, unless a write is in flight or will follow anyway. */
    void rewrite() {
        synchronized (this) {
            if (isRemoved || !writes.isIdle()) {
                return;
            }
            var _ = writes.schedule(known);
        }
        writeNext();
    }

    /**
     * Applies a record that was read from the topic.
     *
     * @param isAdmitted false when the name is beyond the limit; then a write of this node completes only with its own
     *     record
     */
    void read(AckPosition written, long offset, boolean isOwn, boolean isAdmitted, Instant updatedAt) {
        Optional<CompletableFuture<AckOutcome>> confirmed;
        synchronized (this) {
            known = known.merge(written);
            readUpTo = offset;
            usedAt = updatedAt.isAfter(usedAt) ? updatedAt : usedAt;
            isOnTopic = isOnTopic || isAdmitted || writes.isIdle();
            if (known.equals(written)) {
                incompleteSince = null;
            } else {
                becomeIncomplete(isOwn);
            }
            confirmed = finished();
        }
        confirmed.ifPresent(done -> done.complete(new AckOutcome.Acknowledged()));
        writeNext();
    }

    /** Applies a record that removes the consumer as of an offset; true when it is removed. */
    synchronized boolean removedUpTo(long upTo, long offset, boolean isOwn) {
        boolean isStale = readUpTo > upTo;
        readUpTo = offset;
        if (isStale || !writes.isIdle()) {
            becomeIncomplete(isOwn && isStale);
            return false;
        }
        isRemoved = true;
        return true;
    }

    /** True when none of its records counts as read yet. */
    synchronized boolean isNew() {
        return !isOnTopic;
    }

    /** Removes it, and completes all its writes with this outcome. */
    void end(AckOutcome outcome) {
        removed().forEach(done -> done.complete(outcome));
    }

    /** Removes it, and fails all its writes. */
    void fail(RuntimeException failure) {
        removed().forEach(done -> done.completeExceptionally(failure));
    }

    private synchronized List<CompletableFuture<AckOutcome>> removed() {
        isRemoved = true;
        return writes.takeAll();
    }

    /**
     * True when the last record on the topic covers less than all records together, and this node should write the
     * merged position: soon if it wrote that last record, later, if no one else did, otherwise.
     */
    synchronized boolean isRewriteDue(Instant now) {
        var since = incompleteSince;
        return since != null
                && writes.isIdle()
                // A later record of this node contains all that it knew, and is examined when it is read back.
                && writtenUpTo <= readUpTo
                && !now.isBefore(since.plus(isOwnRewrite ? OWN_REWRITE_DELAY : OTHER_REWRITE_DELAY));
    }

    synchronized boolean isIncomplete() {
        return incompleteSince != null && !isRemoved;
    }

    synchronized boolean isUsedSince(Instant time) {
        return !usedAt.isBefore(time);
    }

    /** As of which offset to remove it if it was not used since this time; empty when it was used. */
    synchronized OptionalLong unusedSince(Instant time) {
        return usedAt.isBefore(time) ? removableUpTo() : OptionalLong.empty();
    }

    /** As of which offset to remove it if it belongs to an ownership before this epoch; empty otherwise. */
    synchronized OptionalLong endedBefore(long epoch) {
        return known.epoch() < epoch ? removableUpTo() : OptionalLong.empty();
    }

    private OptionalLong removableUpTo() {
        return writes.isIdle() && !isRemoved && isOnTopic && writtenUpTo <= readUpTo
                ? OptionalLong.of(readUpTo)
                : OptionalLong.empty();
    }

    /** Removes it if nothing of it was ever stored; true when it is removed. */
    synchronized boolean removeIfEmpty() {
        if (writes.isIdle() && readUpTo < 0 && writtenUpTo < 0) {
            isRemoved = true;
        }
        return isRemoved;
    }

    private void becomeIncomplete(boolean isOwn) {
        incompleteSince = incompleteSince == null ? clock.instant() : incompleteSince;
        isOwnRewrite = isOwn;
    }

    /** Starts the next write if there is one and none is in flight. */
    private void writeNext() {
        Optional<PendingWrites.Write> started;
        Instant now;
        synchronized (this) {
            started = writes.start(known);
            now = clock.instant();
        }
        started.ifPresent(write -> {
            var _ = log.write(key, generation, write.position(), now)
                    .whenCompleteAsync((offset, failure) -> ended(write, now, offset, failure), workers);
        });
    }

    private void ended(PendingWrites.Write write, Instant now, @Nullable Long offset, @Nullable Throwable failure) {
        Optional<CompletableFuture<AckOutcome>> done;
        synchronized (this) {
            if (isRemoved) {
                return;
            }
            if (failure != null || offset == null) {
                done = Optional.of(writes.takeFailed(write));
            } else {
                known = known.merge(write.position());
                writtenUpTo = Math.max(writtenUpTo, offset);
                usedAt = now.isAfter(usedAt) ? now : usedAt;
                writes.written(write);
                isOnTopic = isOnTopic || !key.isNamed();
                done = finished();
            }
        }
        done.ifPresent(waiting -> {
            if (failure == null) {
                waiting.complete(new AckOutcome.Acknowledged());
            } else {
                waiting.completeExceptionally(failure);
            }
        });
        writeNext();
    }

    /** Takes the write in flight if it is written and the name is admitted; then the next one may start. */
    private Optional<CompletableFuture<AckOutcome>> finished() {
        return isOnTopic ? writes.takeWritten() : Optional.empty();
    }
}
