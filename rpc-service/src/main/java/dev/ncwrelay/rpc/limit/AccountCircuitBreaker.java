package dev.ncwrelay.rpc.limit;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Whether calls in the name of one account are worth making.
 *
 * <ol>
 *   <li>It opens when half of the last results are failures, and they are at least {@value #FEWEST}.
 *   <li>Of each device the last result counts, so one whose payloads make Fireblocks fail cannot open it. A connection
 *       that cannot be made has nothing to do with payloads: each counts.
 *   <li>After a while a few devices find out, one call each, whether it can close; one success is enough.
 * </ol>
 *
 * <p>Safe for use by many threads. Keeps {@value #LAST} device ids at the most.
 */
public final class AccountCircuitBreaker {

    private static final int WINDOW_SIZE = 50;
    private static final int MIN_CALLS = 20;
    private static final int HALF_OPEN_CALLS = 5;
    private static final long OPEN_DURATION_NANOS = Duration.ofSeconds(5).toNanos();

    private final LongSupplier nanos;

    /** Whether each failed, the newest last. */
    private final LinkedHashMap<Source, Boolean> last = new LinkedHashMap<>();

    private final Set<String> probing = new HashSet<>();
    private final Set<String> failedProbes = new HashSet<>();
    private State state = State.CLOSED;
    private long since;
    private long connections;

    public enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    /** @param connection zero where the result is the device's */
    private record Source(String device, long connection) {}

    /** @param nanos the time, as {@link System#nanoTime} has it */
    AccountCircuitBreaker(LongSupplier nanos) {
        this.nanos = nanos;
    }

    public synchronized State state() {
        if (state != State.CLOSED && nanos.getAsLong() - since >= OPEN_DURATION_NANOS) {
            // Also when a round of probes has found nothing out: then others try.
            become(State.HALF_OPEN);
        }
        return state;
    }

    /** Whether the device may make a call now. */
    public synchronized boolean isPermitted(String device) {
        return switch (state()) {
            case CLOSED -> true;
            case OPEN -> false;
            case HALF_OPEN -> probing.size() < HALF_OPEN_CALLS && probing.add(device);
        };
    }

    /** Fireblocks has served the device. */
    public synchronized void succeeded(String device) {
        switch (state()) {
            case CLOSED -> add(new Source(device, 0), false);
            case HALF_OPEN -> become(State.CLOSED);
            // Of a call from before.
            case OPEN -> {}
        }
    }

    /** Fireblocks has not served the device, perhaps because of what it asked for. */
    public synchronized void failed(String device) {
        switch (state()) {
            case CLOSED -> add(new Source(device, 0), true);
            case HALF_OPEN -> {
                if (failedProbes.add(device) && failedProbes.size() >= HALF_OPEN_CALLS) {
                    become(State.OPEN);
                }
            }
            case OPEN -> {}
        }
    }

    /** Fireblocks could not be reached. */
    public synchronized void failedToConnect(String device) {
        switch (state()) {
            case CLOSED -> add(new Source(device, ++connections), true);
            case HALF_OPEN -> become(State.OPEN);
            case OPEN -> {}
        }
    }

    private void add(Source source, boolean failed) {
        last.remove(source);
        last.put(source, failed);
        if (last.size() > WINDOW_SIZE) {
            last.pollFirstEntry();
        }
        long failures = last.values().stream().filter(Boolean::booleanValue).count();
        if (last.size() >= MIN_CALLS && 2 * failures >= last.size()) {
            become(State.OPEN);
        }
    }

    private void become(State next) {
        state = next;
        since = nanos.getAsLong();
        last.clear();
        probing.clear();
        failedProbes.clear();
    }

    /** How little may be called: 1 while open, 0.5 while that is tried, else 0. */
    double openness() {
        return switch (state()) {
            case OPEN -> 1;
            case HALF_OPEN -> 0.5;
            case CLOSED -> 0;
        };
    }
}
