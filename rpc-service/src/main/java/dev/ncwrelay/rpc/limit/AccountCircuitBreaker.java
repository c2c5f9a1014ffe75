package dev.ncwrelay.rpc.limit;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Circuit breaker for one account.
 *
 * <ol>
 *   <li>It opens when at least half of the last results are failures, of at least {@value #MIN_CALLS} results.
 *   <li>The last result of each device counts, so that one device whose payloads make Fireblocks fail cannot open it. A
 *       failed connection does not depend on payloads: each one counts.
 *   <li>After a while it is half-open: a few devices make one call each. One success closes it.
 * </ol>
 *
 * <p>Safe for use by many threads. Keeps at most {@value #WINDOW_SIZE} device ids.
 */
public final class AccountCircuitBreaker {

    private static final int WINDOW_SIZE = 50;
    private static final int MIN_CALLS = 20;
    private static final int HALF_OPEN_CALLS = 5;
    private static final long OPEN_DURATION_NANOS = Duration.ofSeconds(5).toNanos();

    private final LongSupplier nanos;

    /** Whether each result is a failure, the newest last. */
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

    /** @param connection 0 for a device's result, else the number of a failed connection */
    private record Source(String device, long connection) {}

    /** @param nanos the current {@link System#nanoTime} */
    AccountCircuitBreaker(LongSupplier nanos) {
        this.nanos = nanos;
    }

    public synchronized State state() {
        if (state != State.CLOSED && nanos.getAsLong() - since >= OPEN_DURATION_NANOS) {
            // Also when a round of probes had no result: other devices try then.
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
            // A call from before it opened.
            case OPEN -> {}
        }
    }

    /** Fireblocks has not served the device, possibly because of its payload. */
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

    /** For metrics: 1 when open, 0.5 when half-open, 0 when closed. */
    double openness() {
        return switch (state()) {
            case OPEN -> 1;
            case HALF_OPEN -> 0.5;
            case CLOSED -> 0;
        };
    }
}
