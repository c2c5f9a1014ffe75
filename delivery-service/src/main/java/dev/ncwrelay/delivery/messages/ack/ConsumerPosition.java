package dev.ncwrelay.delivery.messages.ack;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One consumer's position, as this node knows it, and its way to the log.
 *
 * <ol>
 *   <li>At most one write is in flight. What is acknowledged meanwhile goes with the next one, all together.
 *   <li>A new name is acknowledged when its record has been read back: then the order of names is certain.
 *   <li>Futures are completed and records are written without a lock held.
 * </ol>
 */
final class ConsumerPosition {

    /** Each is written again with every acknowledgement until those before it are acknowledged too. */
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
    private boolean isOnLog;
    private boolean isRemoved;
    private @Nullable Write current;
    private @Nullable Write next;

    /** A record that is or will be in flight, and those who wait for it. */
    private static final class Write {

        private final CompletableFuture<AckOutcome> done = new CompletableFuture<>();
        private AckPosition position;
        private boolean isWritten;

        private Write(AckPosition position) {
            this.position = position;
        }
    }

    ConsumerPosition(ConsumerKey who, int generation, AckPositionLog log, Clock clock, Executor workers) {
        this.key = who;
        this.generation = generation;
        this.log = log;
        this.clock = clock;
        this.workers = workers;
    }

    ConsumerKey key() {
        return key;
    }

    /** True when its offsets are of this life of the events' topic. */
    boolean isOf(int other) {
        return generation == other;
    }

    /** What is durable; empty when nothing is. */
    synchronized Optional<AckPosition> durable() {
        return isRemoved || (readUpTo < 0 && writtenUpTo < 0) ? Optional.empty() : Optional.of(known);
    }

    /** What is durable or on its way. */
    synchronized AckPosition latest() {
        var all = known;
        if (current != null) {
            all = all.merge(current.position);
        }
        return next == null ? all : all.merge(next.position);
    }

    /** Acknowledges more; empty when this consumer was forgotten meanwhile, and is to be had anew. */
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
            if (isOnLog && known.merge(added).equals(known)) {
                return Optional.of(CompletableFuture.completedFuture(new AckOutcome.Acknowledged()));
            }
            if (current != null && current.position.merge(added).equals(current.position)) {
                return Optional.of(current.done.copy());
            }
            done = scheduled(wanted).done;
        }
        writeNext();
        return Optional.of(done.copy());
    }

    /** Writes what is known once more, unless a write is on its way anyhow. */
    void rewrite() {
        synchronized (this) {
            if (isRemoved || !isIdle()) {
                return;
            }
            scheduled(known);
        }
        writeNext();
    }

    /**
     * Takes a record of the log.
     *
     * @param isAdmitted false when the name is one too many; then a write of this node's own waits for its own record
     */
    void read(AckPosition written, long offset, boolean isOwn, boolean isAdmitted, Instant updatedAt) {
        Optional<CompletableFuture<AckOutcome>> confirmed;
        synchronized (this) {
            known = known.merge(written);
            readUpTo = offset;
            usedAt = updatedAt.isAfter(usedAt) ? updatedAt : usedAt;
            isOnLog = isOnLog || isAdmitted || isIdle();
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

    /** Takes a record that forgets it as it was up to an offset; true when it is forgotten. */
    synchronized boolean removedUpTo(long upTo, long offset, boolean isOwn) {
        boolean isStale = readUpTo > upTo;
        readUpTo = offset;
        if (isStale || !isIdle()) {
            becomeIncomplete(isOwn && isStale);
            return false;
        }
        isRemoved = true;
        return true;
    }

    /** True when none of its records has been read yet. */
    synchronized boolean isNew() {
        return !isOnLog;
    }

    /** Ends it, with this answer to all who wait. */
    void end(AckOutcome answer) {
        removed().forEach(write -> write.done.complete(answer));
    }

    /** Ends it, with this failure for all who wait. */
    void fail(RuntimeException failure) {
        removed().forEach(write -> write.done.completeExceptionally(failure));
    }

    private synchronized List<Write> removed() {
        isRemoved = true;
        var waiting = Stream.of(Optional.ofNullable(current), Optional.ofNullable(next))
                .flatMap(Optional::stream)
                .toList();
        current = null;
        next = null;
        return waiting;
    }

    /**
     * True when the last record on the log says less than all together, and it is this node's turn to write what all
     * say: that of its writer soon, that of others when the writer does not.
     */
    synchronized boolean isRewriteDue(Instant now) {
        var since = incompleteSince;
        return since != null
                && isIdle()
                // What this node wrote later says all that it knew then, and is looked at when it is read.
                && writtenUpTo <= readUpTo
                && !now.isBefore(since.plus(isOwnRewrite ? OWN_REWRITE_DELAY : OTHER_REWRITE_DELAY));
    }

    synchronized boolean isIncomplete() {
        return incompleteSince != null && !isRemoved;
    }

    synchronized boolean isUsedSince(Instant time) {
        return !usedAt.isBefore(time);
    }

    /** Up to where it is to be forgotten when it was not used since then; empty when it was. */
    synchronized OptionalLong unusedSince(Instant time) {
        return usedAt.isBefore(time) ? removableUpTo() : OptionalLong.empty();
    }

    /** Up to where it is to be forgotten when it is of an earlier ownership of the device; empty when it is not. */
    synchronized OptionalLong endedBefore(long epoch) {
        return known.epoch() < epoch ? removableUpTo() : OptionalLong.empty();
    }

    private OptionalLong removableUpTo() {
        return isIdle() && !isRemoved && isOnLog && writtenUpTo <= readUpTo
                ? OptionalLong.of(readUpTo)
                : OptionalLong.empty();
    }

    /** Removes it when nothing of it ever became durable; true when it did. */
    synchronized boolean removeIfEmpty() {
        if (isIdle() && readUpTo < 0 && writtenUpTo < 0) {
            isRemoved = true;
        }
        return isRemoved;
    }

    private boolean isIdle() {
        return current == null && next == null;
    }

    private void becomeIncomplete(boolean isOwn) {
        incompleteSince = incompleteSince == null ? clock.instant() : incompleteSince;
        isOwnRewrite = isOwn;
    }

    private Write scheduled(AckPosition wanted) {
        var write = next;
        if (write == null) {
            write = new Write(wanted);
            next = write;
        } else {
            write.position = wanted;
        }
        return write;
    }

    /** Begins the next write, if there is one and none is in flight. */
    private void writeNext() {
        Write write;
        Instant now;
        AckPosition position;
        synchronized (this) {
            if (current != null || next == null) {
                return;
            }
            write = next;
            next = null;
            current = write;
            now = clock.instant();
            position = write.position.merge(known);
            write.position = position;
        }
        var _ = log.write(key, generation, position, now)
                .whenCompleteAsync((offset, failure) -> ended(write, now, offset, failure), workers);
    }

    private void ended(Write write, Instant now, @Nullable Long offset, @Nullable Throwable failure) {
        Optional<CompletableFuture<AckOutcome>> done;
        synchronized (this) {
            if (isRemoved) {
                return;
            }
            if (failure != null || offset == null) {
                done = Optional.of(write.done);
                current = null;
            } else {
                known = known.merge(write.position);
                writtenUpTo = Math.max(writtenUpTo, offset);
                usedAt = now.isAfter(usedAt) ? now : usedAt;
                write.isWritten = true;
                isOnLog = isOnLog || !key.isNamed();
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

    /** The write in flight, when it is written and its name is certain; then it is in flight no longer. */
    private Optional<CompletableFuture<AckOutcome>> finished() {
        var write = current;
        if (write == null || !write.isWritten || !isOnLog) {
            return Optional.empty();
        }
        current = null;
        return Optional.of(write.done);
    }
}
