package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.consume.EventSource.Part;
import dev.ncwrelay.channel.consume.Offsets;
import java.time.Clock;
import java.util.Optional;

/** How far a partition is read, and which part of it is read again for subscriptions that were seen later. Not thread-safe. */
final class EventScan {

    private final ReadMarks marks;

    /** The first offset that this instance has to know of. */
    private final long from;

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
        this.position = offsets.next();
        this.begin = offsets.next();
        this.end = offsets.next();
    }

    /** Events before this offset are looked at from now on, for the subscriptions that are seen now. */
    void reading(long next) {
        position = Math.max(position, next);
    }

    /** A subscription is seen: what was read from this offset on before is to be read again. */
    void again(long offset) {
        begin = Math.min(begin < end ? begin : position, Math.max(from, offset));
        end = position;
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
