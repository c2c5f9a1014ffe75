package dev.ncwrelay.delivery.position;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a consumer has acknowledged: everything up to an offset, and single ones above it. Positions only grow: merging
 * is idempotent, commutative and associative, so it does not matter in which order, or how often, they arrive.
 *
 * @param upTo offset up to and including which everything is acknowledged; -1 for none
 * @param singles offsets above it that are acknowledged one by one
 */
public record Position(long upTo, SortedSet<Long> singles) {

    public static final Position NONE = new Position(-1, Collections.emptySortedSet());

    public Position {
        singles = Collections.unmodifiableSortedSet(new TreeSet<>(singles).tailSet(upTo + 1));
    }

    public static Position upTo(long offset) {
        return new Position(offset, Collections.emptySortedSet());
    }

    public boolean covers(long offset) {
        return offset <= upTo || singles.contains(offset);
    }

    public Position merge(Position other) {
        var all = new TreeSet<>(singles);
        all.addAll(other.singles);
        return new Position(Math.max(upTo, other.upTo), all);
    }

    public Position with(Collection<Long> offsets) {
        var all = new TreeSet<>(singles);
        all.addAll(offsets);
        return new Position(upTo, all);
    }

    /**
     * The same with the single ones folded into {@code upTo} as far as they go.
     *
     * @param stream the offsets of all the device's messages after {@code upTo}, ascending
     */
    public Position folded(Collection<Long> stream) {
        long reached = upTo;
        for (long offset : stream) {
            if (!covers(offset)) {
                break;
            }
            reached = Math.max(reached, offset);
        }
        return new Position(reached, singles);
    }
}
