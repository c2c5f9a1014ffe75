package dev.ncwrelay.delivery.messages.ack;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a consumer has acknowledged within one ownership of the device: everything up to an offset, and individual
 * messages above it. Positions only grow: merging is idempotent, commutative and associative, so it does not matter in
 * which order, or how often, they arrive. Of positions of two ownerships, merging keeps the later ownership's.
 *
 * @param epoch owner epoch of that ownership
 * @param upTo everything up to and including this offset is acknowledged; -1 for none
 * @param individual offsets above {@code upTo} that are acknowledged individually
 */
public record AckPosition(long epoch, long upTo, SortedSet<Long> individual) {

    public AckPosition {
        individual = Collections.unmodifiableSortedSet(new TreeSet<>(individual).tailSet(upTo + 1));
    }

    /** Nothing acknowledged in this ownership. */
    public static AckPosition empty(long epoch) {
        return upTo(epoch, -1);
    }

    public static AckPosition upTo(long epoch, long offset) {
        return new AckPosition(epoch, offset, Collections.emptySortedSet());
    }

    public boolean covers(long offset) {
        return offset <= upTo || individual.contains(offset);
    }

    public AckPosition merge(AckPosition other) {
        if (epoch != other.epoch) {
            return epoch > other.epoch ? this : other;
        }
        var all = new TreeSet<>(individual);
        all.addAll(other.individual);
        return new AckPosition(epoch, Math.max(upTo, other.upTo), all);
    }

    public AckPosition with(Collection<Long> offsets) {
        var all = new TreeSet<>(individual);
        all.addAll(offsets);
        return new AckPosition(epoch, upTo, all);
    }

    /**
     * This position if it belongs to that ownership, otherwise an empty one: acknowledgements of another ownership are
     * not valid.
     */
    public AckPosition forEpoch(long ownership) {
        return epoch == ownership ? this : empty(ownership);
    }
}
