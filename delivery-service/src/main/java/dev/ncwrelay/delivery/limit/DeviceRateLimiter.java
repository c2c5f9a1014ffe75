package dev.ncwrelay.delivery.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Limits the request rate per device: a token bucket with a burst of five seconds. Safe for use by many threads. */
public final class DeviceRateLimiter {

    private static final int BURST_SECONDS = 5;
    private static final int MAX_DEVICES = 100_000;

    private final double perNano;
    private final double burst;
    private final LongSupplier nanos;
    private final Cache<String, TokenBucket> buckets;

    /**
     * Creates it.
     *
     * @param nanos the time, as of {@link System#nanoTime}
     */
    public DeviceRateLimiter(int perSecond, LongSupplier nanos) {
        this.perNano = perSecond / 1e9;
        this.burst = (double) perSecond * BURST_SECONDS;
        this.nanos = nanos;
        this.buckets = Caffeine.newBuilder()
                .ticker(nanos::getAsLong)
                .maximumSize(MAX_DEVICES)
                .expireAfterAccess(Duration.ofSeconds(2 * BURST_SECONDS))
                .build();
    }

    /** True when the device may send one more request now, which is then counted. */
    public boolean tryAcquire(String deviceId) {
        return reserve(deviceId, Duration.ZERO).isPresent();
    }

    /**
     * The delay before the device's next request is allowed, zero when it is allowed now. The request is counted.
     *
     * @return empty when the delay is longer than {@code maxDelay}; then the request is not counted
     */
    public Optional<Duration> reserve(String deviceId, Duration maxDelay) {
        return buckets.get(deviceId, _ -> new TokenBucket(burst, nanos.getAsLong()))
                .reserve(maxDelay);
    }

    private final class TokenBucket {

        private double tokens;
        private long since;

        private TokenBucket(double left, long since) {
            this.tokens = left;
            this.since = since;
        }

        private synchronized Optional<Duration> reserve(Duration maxDelay) {
            long now = nanos.getAsLong();
            tokens = Math.min(burst, tokens + (now - since) * perNano);
            since = now;
            var delay = Duration.ofNanos((long) (Math.max(0, 1 - tokens) / perNano));
            if (delay.compareTo(maxDelay) > 0) {
                return Optional.empty();
            }
            tokens--;
            return Optional.of(delay);
        }
    }
}
