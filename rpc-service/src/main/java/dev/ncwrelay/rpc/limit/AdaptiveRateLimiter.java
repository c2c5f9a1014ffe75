package dev.ncwrelay.rpc.limit;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Adaptive rate limiter for one API user: a token bucket whose rate is halved on 429 and increases in steps. Until the
 * first 429 the rate is unlimited, unless a limit is configured. Safe for use by many threads.
 */
public final class AdaptiveRateLimiter {

    private static final double MINUTE = 60e9;
    private static final long WINDOW = Duration.ofSeconds(10).toNanos();
    private static final double WINDOWS_PER_MINUTE = MINUTE / WINDOW;

    /** All calls in flight when the limit is reached get a 429; within this time the rate is halved once. */
    private static final long MIN_DECREASE_INTERVAL = Duration.ofSeconds(5).toNanos();

    private final LimitSettings limits;
    private final DoubleSupplier share;
    private final LongSupplier nanos;

    private double perMinute = Double.POSITIVE_INFINITY;
    private double tokens;
    private long at;
    private long window;
    private int inWindow;
    private int inWindowBefore;
    private long decreasedAt;
    private long blockedUntil;

    /**
     * @param share this instance's share of a configured limit, 0 to 1
     * @param nanos the current {@link System#nanoTime}
     */
    public AdaptiveRateLimiter(LimitSettings limits, DoubleSupplier share, LongSupplier nanos) {
        this.limits = limits;
        this.share = share;
        this.nanos = nanos;
        long now = nanos.getAsLong();
        this.at = now;
        this.window = now;
        this.decreasedAt = now - MIN_DECREASE_INTERVAL;
        this.blockedUntil = now;
        this.tokens = 1;
    }

    /** Takes a token; returns how long to wait before the call. */
    public synchronized Duration acquire() {
        long now = advance();
        inWindow++;
        double rate = rate();
        long wait = Math.max(0, blockedUntil - now);
        if (rate == Double.POSITIVE_INFINITY) {
            return Duration.ofNanos(wait);
        }
        tokens--;
        return Duration.ofNanos(Math.max(wait, (long) Math.ceil(Math.max(0, -tokens) * MINUTE / rate)));
    }

    /** Returns a token that is not used. */
    public synchronized void release() {
        tokens++;
        inWindow = Math.max(0, inWindow - 1);
    }

    /** Fireblocks has replied 429, and asks for this pause. */
    public synchronized void rateLimited(Duration retryAfter) {
        long now = advance();
        // Compared as a difference: nanoTime may overflow.
        if (now + retryAfter.toNanos() - blockedUntil > 0) {
            blockedUntil = now + retryAfter.toNanos();
        }
        if (now - decreasedAt < MIN_DECREASE_INTERVAL) {
            return;
        }
        decreasedAt = now;
        double measured = Math.max(inWindow, inWindowBefore) * WINDOWS_PER_MINUTE;
        perMinute = Math.max(limits.fewestPerMinute(), Math.min(rate(), measured) / 2);
        tokens = Math.min(tokens, 1);
    }

    /** The current rate in calls per minute; infinite while no limit is known. */
    synchronized double perMinute() {
        advance();
        return rate();
    }

    private double rate() {
        double configured = limits.callsPerMinute() == 0
                ? Double.POSITIVE_INFINITY
                : Math.max(1, limits.callsPerMinute() * share.getAsDouble());
        return Math.min(perMinute, configured);
    }

    private long advance() {
        long now = nanos.getAsLong();
        double rate = rate();
        if (rate < Double.POSITIVE_INFINITY) {
            // At most the tokens of one second, and at least one: bursts are rejected.
            tokens = Math.min(Math.max(1, rate / 60), tokens + (now - at) * rate / MINUTE);
        }
        at = now;
        while (now - window >= WINDOW) {
            inWindowBefore = inWindow;
            inWindow = 0;
            window += WINDOW;
            if (window - decreasedAt >= WINDOW) {
                perMinute += limits.stepPerMinute();
            }
            if (now - window > 10 * WINDOW) {
                // After a long idle time nothing is measured, and the steps of a minute and a half are enough.
                inWindowBefore = 0;
                window = now;
            }
        }
        return now;
    }
}
