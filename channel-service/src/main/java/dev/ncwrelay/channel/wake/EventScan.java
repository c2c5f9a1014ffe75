package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.consume.EventSource.Part;
import dev.ncwrelay.channel.consume.Offsets;
import dev.ncwrelay.channel.subscription.Subscription;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How far a partition is read, and which part of it is read again for subscriptions that were seen later. Not thread-safe. */
final class EventScan {

    private final ReadMarks marks;

    /** The first offset that this instance has to know of, for subscriptions that are known from an instance before. */
    private final long from;

    /** The highest offset that may be the committed one: commits may be on their way, or have failed. */
    private long highest;

    /** The number of the last commit that was begun, and its offset. */
    private long begun;

    private long begunOffset;

    /** The number of the last commit that succeeded. */
    private long succeeded;

    /** By subscription: the last commit that was begun before events began to be read again for it. */
    private final Map<String, Long> uncommitted = new HashMap<>();

    private long position;

    /** Events from here up to {@code end} are read again. */
    private long begin;

    private long end;

    /**
     * Events to read again.
     *
     * @param end the offset to stop at
     */
    record Range(long begin, long end) {}

    EventScan(Offsets offsets, Clock clock) {
        this.marks = new ReadMarks(offsets.from(), clock);
        this.from = offsets.from();
        this.highest = offsets.from();
        this.position = offsets.next();
        this.begin = offsets.next();
        this.end = offsets.next();
    }

    /** Events before this offset are looked at from now on, for the subscriptions that are seen now. */
    void reading(long next) {
        position = Math.max(position, next);
    }

    /**
     * A subscription is seen: what was read from its first offset on before is to be read again.
     *
     * @param isKnown whether an instance before has seen it
     */
    void again(Subscription subscription, boolean isKnown) {
        long offset = isKnown ? Math.max(from, subscription.eventsFrom()) : subscription.eventsFrom();
        begin = Math.min(begin < end ? begin : position, offset);
        end = position;
        if (!isKnown && offset < highest) {
            uncommitted.put(subscription.id(), begun);
        }
    }

    /**
     * Whether an instance that continues from the committed offset reads all events of this subscription. One that replaces a
     * broken one may begin before it.
     */
    boolean isCommitted(Subscription subscription) {
        if (uncommitted.getOrDefault(subscription.id(), -1L) >= succeeded) {
            return false;
        }
        uncommitted.remove(subscription.id());
        return true;
    }

    /** A commit of this offset begins. Returns its number. */
    long committing(long offset) {
        highest = Math.max(highest, offset);
        begunOffset = offset;
        begun++;
        return begun;
    }

    /** The commit with this number has succeeded. */
    void committed(long number) {
        succeeded = Math.max(succeeded, number);
        if (number == begun) {
            highest = begunOffset;
        }
    }

    /** What is to be read again; empty for nothing. */
    Optional<Range> next() {
        return begin < end ? Optional.of(new Range(begin, end)) : Optional.empty();
    }

    /** A part of this range was read again, and is known. */
    void done(Range range, Part part) {
        // A log that has lost records ends earlier.
        begin = part.upTo() > range.begin() ? part.upTo() : range.end();
    }

    /** All changes of subscriptions that are known were looked at. */
    void reconciled() {
        marks.reconciled(position);
    }

    /**
     * The first offset that is not known for all subscriptions.
     *
     * @param next the offset that is read next
     */
    long neededFrom(long next) {
        return Math.min(begin < end ? begin : next, Math.min(next, marks.safe()));
    }
}
