package dev.ncwrelay.client;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses the best transport that works here, and remembers what does not.
 *
 * <p>A transport that fails is only suspected: the network may be down. It counts as broken, for ten minutes, when another
 * one works at that time. Long polling never counts as broken.
 */
final class TransportChoice {

    private static final long BROKEN_MILLIS = 10 * 60_000;
    private static final int MAX_CUTS = 3;
    private static final int POLL_SECONDS = 25;
    private static final int MIN_POLL_SECONDS = 2;
    private static final List<Transport> PREFERENCE = List.of(Transport.WEBSOCKET, Transport.SSE, Transport.LONG_POLL);

    private final Timing timing;
    private final Set<Transport> suspects = EnumSet.noneOf(Transport.class);
    private final Map<Transport, Long> brokenUntil = new EnumMap<>(Transport.class);
    private final Map<Transport, Integer> cuts = new EnumMap<>(Transport.class);
    private int failures;
    private int pollSeconds = POLL_SECONDS;

    TransportChoice(Timing timing) {
        this.timing = timing;
    }

    /** How many seconds a poll waits: less where a proxy cuts longer ones. */
    synchronized int pollSeconds() {
        return pollSeconds;
    }

    /** A long poll was cut. */
    synchronized void pollWasCut() {
        pollSeconds = Math.max(MIN_POLL_SECONDS, pollSeconds / 2);
    }

    /** The transport for the next connection. */
    synchronized Transport next() {
        var usable = usable();
        return usable.get(failures % usable.size());
    }

    /** A connection of this transport carries messages. */
    synchronized void worked(Transport transport) {
        failures = 0;
        suspects.remove(transport);
        suspects.forEach(broken -> brokenUntil.put(broken, timing.millis() + BROKEN_MILLIS));
        suspects.clear();
    }

    /**
     * A connection ended by a fault of the path before it had worked. True when another transport should be tried at once.
     *
     * @param isSuspect whether it is likely that others work
     */
    synchronized boolean failed(Transport transport, boolean isSuspect) {
        failures++;
        if (isSuspect && transport != Transport.LONG_POLL) {
            suspects.add(transport);
        }
        return isSuspect && failures % usable().size() > 0;
    }

    /** A connection that had worked was cut soon; the third time in a row counts as a failure. */
    synchronized boolean cut(Transport transport) {
        int times = cuts.getOrDefault(transport, 0) + 1;
        cuts.put(transport, times % MAX_CUTS);
        return times >= MAX_CUTS && failed(transport, true);
    }

    /** A connection lasted. */
    synchronized void lasted(Transport transport) {
        cuts.remove(transport);
    }

    /** Another network: what did not work may work there. */
    synchronized void forget() {
        suspects.clear();
        brokenUntil.clear();
        cuts.clear();
        failures = 0;
        pollSeconds = POLL_SECONDS;
    }

    private List<Transport> usable() {
        return PREFERENCE.stream()
                .filter(one -> one == Transport.LONG_POLL
                        || !(brokenUntil.getOrDefault(one, Long.MIN_VALUE) > timing.millis()))
                .toList();
    }
}
