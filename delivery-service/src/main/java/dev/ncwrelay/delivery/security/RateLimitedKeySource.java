package dev.ncwrelay.delivery.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the issuer's keys at most every 30 seconds. After a success an unknown key id is rejected; after a failure
 * validation is unavailable. Nimbus' own rate limit lets two fetches through and does not distinguish the two cases.
 */
final class RateLimitedKeySource implements JWKSetSource<SecurityContext> {

    private static final Logger log = LoggerFactory.getLogger(RateLimitedKeySource.class);
    private static final Duration MIN_FETCH_INTERVAL = Duration.ofSeconds(30);

    private final JWKSetSource<SecurityContext> issuer;
    private final LongSupplier nanos;
    private final MeterRegistry metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable JWKSet fetched;
    private boolean hasTried;
    private boolean isFailing;
    private long triedAt;

    /**
     * Creates it.
     *
     * @param nanos the time, as of {@link System#nanoTime}
     */
    RateLimitedKeySource(JWKSetSource<SecurityContext> issuer, LongSupplier nanos, MeterRegistry metrics) {
        this.issuer = issuer;
        this.nanos = nanos;
        this.metrics = metrics;
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long currentTime, @Nullable SecurityContext context)
            throws KeySourceException {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            if (hasTried && now - triedAt < MIN_FETCH_INTERVAL.toNanos()) {
                return Optional.ofNullable(fetched)
                        .filter(_ -> !isFailing)
                        .orElseThrow(
                                () -> new JWKSetUnavailableException("the last key fetch failed less than 30 s ago"));
            }
            hasTried = true;
            triedAt = now;
            return fetch(evaluator, currentTime, context);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        issuer.close();
    }

    private JWKSet fetch(JWKSetCacheRefreshEvaluator evaluator, long currentTime, @Nullable SecurityContext context)
            throws KeySourceException {
        try {
            var keys = issuer.getJWKSet(evaluator, currentTime, context);
            count("ok");
            fetched = keys;
            if (isFailing) {
                log.atInfo().log("fetching issuer keys recovered");
            }
            isFailing = false;
            return keys;
        } catch (KeySourceException e) {
            count("failed");
            if (!isFailing) {
                log.atWarn().addKeyValue("reason", e.getMessage()).log("fetching issuer keys failed");
            }
            isFailing = true;
            throw e;
        }
    }

    private void count(String result) {
        metrics.counter("relay.delivery.keys.fetches", "result", result).increment();
    }
}
