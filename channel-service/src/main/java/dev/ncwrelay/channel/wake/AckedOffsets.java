package dev.ncwrelay.channel.wake;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a consumer of a device has acknowledged in one ownership.
 *
 * @param upTo everything up to and including this offset is acknowledged; -1 for none
 * @param individual offsets above it that are acknowledged one by one
 * @param at when it last acknowledged something
 */
record AckedOffsets(long upTo, Set<Long> individual, Instant at) {

    static final AckedOffsets NONE = new AckedOffsets(-1, Set.of(), Instant.MIN);

    AckedOffsets {
        individual = Set.copyOf(individual);
    }

    static AckedOffsets of(long upTo, Collection<Long> individual, Instant at) {
        var above = individual.stream().filter(offset -> offset > upTo).collect(Collectors.toUnmodifiableSet());
        return new AckedOffsets(upTo, above, at);
    }

    boolean covers(PendingEvent event) {
        return event.last() <= upTo || (event.first() == event.last() && individual.contains(event.first()));
    }

    /** What either covers. */
    AckedOffsets merge(AckedOffsets other) {
        var all = new HashSet<>(individual);
        all.addAll(other.individual);
        return of(Math.max(upTo, other.upTo), all, at.isAfter(other.at) ? at : other.at);
    }
}
