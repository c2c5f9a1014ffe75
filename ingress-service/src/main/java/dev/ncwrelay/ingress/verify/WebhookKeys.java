package dev.ncwrelay.ingress.verify;

import java.io.IOException;
import java.security.interfaces.RSAPublicKey;
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
 *       In between it is not known whether there is such a key, which is not to say that there is none: a webhook
 *       signed with it is to be sent again. A set fetched for another reason does not count, or a key made just after the start would be refused.
 *   <li>While a refresh fails, the keys there were stay good.
 *   <li>At most one fetch runs at a time.
 * </ol>
 */
final class WebhookKeys {

    private static final Logger log = LoggerFactory.getLogger(WebhookKeys.class);
    private static final Duration BETWEEN_FORCED = Duration.ofMinutes(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final KeySource source;
    private final Clock clock;
    private final Executor background;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile State state =
            new State(Map.of(), Instant.MIN, Instant.MIN, Instant.MIN, Instant.MIN, Optional.of("not fetched yet"));

    /**
     * What is known.
     *
     * @param fetchedAt when the keys came
     * @param retryAt when fetching may be tried again after it failed
     * @param forceAt when an unknown key id may cause a fetch again
     */
    private record State(
            Map<String, RSAPublicKey> keys,
            Instant fetchedAt,
            Instant staleAt,
            Instant retryAt,
            Instant forceAt,
            Optional<String> failure) {

        boolean isDue(Instant now) {
            return !now.isBefore(staleAt) && !now.isBefore(retryAt);
        }

        boolean mayBeForced(Instant now) {
            return !now.isBefore(forceAt) && !now.isBefore(retryAt);
        }
    }

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
            if (known.isDue(clock.instant()) && !fetching.isLocked()) {
                background.execute(this::refresh);
            }
            return new KeyLookup.Found(key);
        }
        var asked = clock.instant();
        var refreshed = force(keyId);
        var found = refreshed.keys().get(keyId);
        if (found != null) {
            return new KeyLookup.Found(found);
        }
        if (refreshed.failure().isEmpty() && refreshed.fetchedAt().isBefore(asked)) {
            return new KeyLookup.Unavailable(
                    "the keys were fetched less than a minute ago, before this one was asked for");
        }
        return refreshed.failure().<KeyLookup>map(KeyLookup.Unavailable::new).orElseGet(KeyLookup.Unknown::new);
    }

    /** Why the latest fetch failed, for people; empty when it did not. */
    Optional<String> failure() {
        return state.failure();
    }

    /** Fetches the keys if they are stale. Who comes while another fetches, waits for that fetch. */
    void refresh() {
        fetching.lock();
        try {
            var before = state;
            if (before.isDue(clock.instant())) {
                state = fetch(before, before.forceAt());
            }
        } finally {
            fetching.unlock();
        }
    }

    /** Fetches the keys for the sake of one that is not there, unless that was done a moment ago. */
    private State force(String keyId) {
        fetching.lock();
        try {
            var before = state;
            var now = clock.instant();
            if (!before.keys().containsKey(keyId) && before.mayBeForced(now)) {
                // The first fetch of all is owed to no forged id.
                state = fetch(before, before.keys().isEmpty() ? before.forceAt() : now.plus(BETWEEN_FORCED));
            }
            return state;
        } finally {
            fetching.unlock();
        }
    }

    private State fetch(State before, Instant forceAt) {
        try {
            var fetched = source.fetch();
            var now = clock.instant();
            return new State(fetched.keys(), now, now.plus(fetched.freshFor()), Instant.MIN, forceAt, Optional.empty());
        } catch (IOException e) {
            return failed(before, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(before, "interrupted");
        }
    }

    private State failed(State before, String reason) {
        log.atWarn().addKeyValue("reason", reason).log("webhook keys not fetched");
        return new State(
                before.keys(),
                before.fetchedAt(),
                before.staleAt(),
                clock.instant().plus(AFTER_FAILURE),
                before.forceAt(),
                Optional.of(reason));
    }
}
