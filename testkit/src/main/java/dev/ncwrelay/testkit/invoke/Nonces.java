package dev.ncwrelay.testkit.invoke;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The nonces of all tokens that have not expired. */
final class Nonces {
    private static final int SWEEP_EVERY = 1024;

    private final Map<String, Instant> expiries = new HashMap<>();
    private int untilSweep = SWEEP_EVERY;

    /** Stores a nonce until its token expires; false if it was already stored. */
    synchronized boolean add(String nonce, Instant expiry, Instant now) {
        if (--untilSweep == 0) {
            expiries.values().removeIf(old -> old.isBefore(now));
            untilSweep = SWEEP_EVERY;
        }
        return expiries.putIfAbsent(nonce, expiry) == null;
    }
}
