package dev.ncwrelay.ingress.verify;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fireblocks' signing keys, cached as its documentation asks.
 *
 * <ol>
 *   <li>A known key never waits: when the set has become stale it is refreshed behind the caller's back.
 *   <li>An unknown key id refreshes the set at once, at most once a minute, so that forged ids cannot flood Fireblocks.
 *   <li>While a refresh fails, the keys there were stay good.
 *   <li>At most one fetch runs at a time.
 * </ol>
 */
final class WebhookKeys {

    private static final Logger log = LoggerFactory.getLogger(WebhookKeys.class);
    private static final Duration BETWEEN_REFRESHES = Duration.ofMinutes(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final KeySource source;
    private final Clock clock;
    private final Executor background;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile State state = new State(Map.of(), Instant.MIN, Instant.MIN, Optional.of("not fetched yet"));

    private record State(
            Map<String, java.security.interfaces.RSAPublicKey> keys,
            Instant staleAt,
            Instant notBefore,
            Optional<String> failure) {}

    WebhookKeys(KeySource source, Clock clock, Executor background) {
        this.source = source;
        this.clock = clock;
        this.background = background;
    }

    /** The key with this id. */
    KeyLookup find(String keyId) {
        var known = state;
        var key = known.keys().get(keyId);
        if (key != null) {
            if (known.staleAt().isBefore(clock.instant()) && mayFetch(known)) {
                background.execute(this::refresh);
            }
            return new KeyLookup.Found(key);
        }
        refresh();
        var refreshed = state;
        var found = refreshed.keys().get(keyId);
        if (found != null) {
            return new KeyLookup.Found(found);
        }
        return refreshed.failure().<KeyLookup>map(KeyLookup.Unavailable::new).orElseGet(KeyLookup.Unknown::new);
    }

    /** Why the latest fetch failed, for people; empty when it did not. */
    Optional<String> failure() {
        return state.failure();
    }

    /** Fetches the keys, unless that was done a moment ago. Who comes while another fetches, waits for that fetch. */
    void refresh() {
        fetching.lock();
        try {
            var before = state;
            if (!mayFetch(before)) {
                return;
            }
            state = fetch(before);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            fetching.unlock();
        }
    }

    private State fetch(State before) throws InterruptedException {
        try {
            var fetched = source.fetch();
            var now = clock.instant();
            return new State(
                    fetched.keys(), now.plus(fetched.freshFor()), now.plus(BETWEEN_REFRESHES), Optional.empty());
        } catch (IOException e) {
            log.atWarn().addKeyValue("reason", e.toString()).log("webhook keys not fetched");
            return new State(
                    before.keys(), before.staleAt(), clock.instant().plus(AFTER_FAILURE), Optional.of(e.toString()));
        }
    }

    private boolean mayFetch(State current) {
        return !clock.instant().isBefore(current.notBefore());
    }
}
