package dev.ncwrelay.bench.load;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The results of the sends of a load: latency, missing answers, repeated answers. */
public final class Tally {

    private final Schedule schedule;
    private final AtomicIntegerArray arrivals;
    private final Latencies latencies = new Latencies();
    private final AtomicLong repeated = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong delayed = new AtomicLong();
    private final AtomicLong arrived = new AtomicLong();
    private final AtomicReference<@Nullable String> firstFailure = new AtomicReference<>();

    public Tally(Schedule schedule) {
        this.schedule = schedule;
        this.arrivals = new AtomicIntegerArray(schedule.count());
    }

    /** The send of this index has arrived. Its latency counts from when it was due. */
    public void arrived(int index, long atNanos) {
        if (arrivals.getAndIncrement(index) > 0) {
            repeated.incrementAndGet();
            return;
        }
        arrived.incrementAndGet();
        if (schedule.counts(index)) {
            latencies.record(atNanos - schedule.dueNanos(index));
        }
    }

    /** A send was refused, or its connection broke. */
    public void failed(String reason) {
        failed.incrementAndGet();
        firstFailure.compareAndSet(null, reason);
    }

    /** Something went wrong that is tried again, so that nothing is lost by it but time; the warm-up may have that. */
    public void delayed(String reason, long atNanos) {
        if (atNanos < schedule.dueNanos(schedule.warm())) {
            return;
        }
        delayed.incrementAndGet();
        firstFailure.compareAndSet(null, reason);
    }

    /** What went wrong first, if anything did. */
    public Optional<String> firstFailure() {
        return Optional.ofNullable(firstFailure.get());
    }

    public Latencies latencies() {
        return latencies;
    }

    /** True when nothing is to be waited for any more. */
    public boolean isComplete() {
        return arrived.get() + failed.get() >= schedule.count();
    }

    /** Sends of those that are measured that have not arrived. */
    public long missing() {
        return schedule.counted() - latencies.count();
    }

    /** Sends of the warm-up that have not arrived. */
    public long missingOfWarmUp() {
        return schedule.count() - arrived.get() - missing();
    }

    public long repeated() {
        return repeated.get();
    }

    public long failures() {
        return failed.get();
    }

    public long delays() {
        return delayed.get();
    }
}
