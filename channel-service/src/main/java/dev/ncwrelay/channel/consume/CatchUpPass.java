package dev.ncwrelay.channel.consume;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Catches up with all partitions, one after the other. One that fails does not keep the others waiting. Each pass begins with
 * another partition: what is limited for all together goes round.
 */
final class CatchUpPass {

    /** Each call for a partition may take seconds; newly assigned ones, which are loaded between two passes, wait for them. */
    private static final Duration MAX_TIME = Duration.ofSeconds(5);

    private final int partitions;
    private final IntFunction<Optional<? extends AssignedPartition>> loaded;
    private final Clock clock;
    private int next;

    /** @param loaded a partition by its number; empty when it is not here, or not ready */
    CatchUpPass(int partitions, IntFunction<Optional<? extends AssignedPartition>> loaded, Clock clock) {
        this.partitions = partitions;
        this.loaded = loaded;
        this.clock = clock;
    }

    /**
     * One pass.
     *
     * @return true when more can be done at once
     * @throws RuntimeException the first failure, after all that there was time for
     */
    boolean run() {
        boolean more = false;
        Optional<RuntimeException> failure = Optional.empty();
        var end = clock.instant().plus(MAX_TIME);
        int passed = 0;
        for (; passed < partitions && !clock.instant().isAfter(end); passed++) {
            try {
                var partition = loaded.apply((next + passed) % partitions);
                more |= partition.isPresent() && partition.get().catchUp();
            } catch (RuntimeException e) {
                failure = failure.or(() -> Optional.of(e));
            }
        }
        boolean complete = passed == partitions;
        // One further than this one began, or where it ended.
        next = (next + (complete ? 1 : passed)) % partitions;
        if (failure.isPresent()) {
            throw failure.get();
        }
        return more || !complete;
    }
}
