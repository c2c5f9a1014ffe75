package dev.ncwrelay.delivery.security;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The issuer's keys: refreshed in the background after five minutes and usable for hours while the issuer is
 * unreachable, so requests with a known key do not wait for it.
 */
final class IssuerKeySource {

    private static final Duration REFRESH_AFTER = Duration.ofMinutes(5);
    private static final Duration FETCH_LOCK_TIMEOUT = Duration.ofSeconds(1);
    private static final int CONNECT_MILLIS = 2_000;
    private static final int READ_MILLIS = 2_000;
    private static final int MAX_BYTES = 256 * 1024;

    private IssuerKeySource() {}

    /**
     * The keys at this address.
     *
     * @param kept how long they are used while they cannot be fetched
     * @param nanos the time, as of {@link System#nanoTime}
     */
    static JWKSource<SecurityContext> of(URI address, Duration kept, LongSupplier nanos, MeterRegistry metrics) {
        var retriever = new DefaultResourceRetriever(CONNECT_MILLIS, READ_MILLIS, MAX_BYTES);
        try {
            var issuer = new URLBasedJWKSetSource<SecurityContext>(address.toURL(), retriever);
            return JWKSourceBuilder.create(new RateLimitedKeySource(issuer, nanos, metrics))
                    .rateLimited(false)
                    .cache(kept.toMillis(), FETCH_LOCK_TIMEOUT.toMillis())
                    .refreshAheadCache(kept.minus(REFRESH_AFTER).toMillis(), true)
                    .build();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("relay.delivery.auth.jwks-url must be a URL, not " + address, e);
        }
    }
}
