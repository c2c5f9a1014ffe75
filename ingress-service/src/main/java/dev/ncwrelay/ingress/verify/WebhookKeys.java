package dev.ncwrelay.ingress.verify;

import java.io.IOException;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fireblocks' signing keys, cached as its documentation asks. No call blocks.
 *
 * <ol>
 *   <li>A known key is there at once: when the set has become stale it is refreshed in the background.
 *   <li>An unknown key id refreshes the set, at most once a minute, so that forged ids cannot flood Fireblocks. In
 *       between it is not known whether there is such a key, which is not to say that there is none: a webhook signed
 *       with it is to be sent again. A set fetched for another reason does not count, or a key made just after the
 *       start would be refused.
 *   <li>While a refresh fails, the keys there were stay good for as long as it takes. The next attempt comes after half
 *       a minute; as long as there is no key at all, after 1, 2, 4, 8, 16 and then every 30 seconds.
 *   <li>At most one fetch runs at a time.
 * </ol>
 */
final class WebhookKeys {

    private static final Logger log = LoggerFactory.getLogger(WebhookKeys.class);
    private static final Duration MIN_FORCED_INTERVAL = Duration.ofMinutes(1);
    private static final Duration MAX_RETRY_DELAY = Duration.ofSeconds(30);
    private static final int MAX_DOUBLINGS = 5;

    private final KeySource source;
    private final Clock clock;
    private final Executor background;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable CompletableFuture<State> running;
    private volatile State state =
            new State(Map.of(), Instant.MIN, Instant.MIN, Instant.MIN, Instant.MIN, 0, Optional.of("not fetched yet"));

    /**
     * What is known.
     *
     * @param fetchedAt when the keys came
     * @param retryAt when fetching may be tried again after it failed
     * @param forceAt when an unknown key id may cause a fetch again
     * @param failures how often fetching has failed since it last succeeded
     */
    private record State(
            Map<String, RSAPublicKey> keys,
            Instant fetchedAt,
            Instant staleAt,
            Instant retryAt,
            Instant forceAt,
            int failures,
            Optional<String> failure) {

        boolean isDue(Instant now) {
            return !now.isBefore(staleAt) && !now.isBefore(retryAt);
        }

        boolean mayBeForced(Instant now) {
            return !now.isBefore(forceAt) && !now.isBefore(retryAt);
        }

        Optional<KeyLookup> find(String keyId) {
            return Optional.ofNullable(keys.get(keyId)).map(KeyLookup.Found::new);
        }
    }

    WebhookKeys(KeySource source, Clock clock, Executor background) {
        this.source = source;
        this.clock = clock;
        this.background = background;
    }

    /** The key with this id; at once, unless the set must be fetched for its sake. */
    CompletableFuture<KeyLookup> find(String keyId) {
        var found = state.find(keyId);
        if (found.isPresent()) {
            refresh();
            return CompletableFuture.completedFuture(found.get());
        }
        return refreshFor(keyId, clock.instant());
    }

    /** Why the latest fetch failed, for people; empty when it did not. */
    Optional<String> failure() {
        return state.failure();
    }

    /** Fetches the keys in the background if they are stale and no fetch runs. */
    void refresh() {
        if (state.isDue(clock.instant())) {
            lock.lock();
            try {
                if (running == null && state.isDue(clock.instant())) {
                    var _ = start(state.forceAt());
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Fetches the keys for the sake of one that is not there, unless that was done a moment ago. */
    private CompletableFuture<KeyLookup> refreshFor(String keyId, Instant asked) {
        lock.lock();
        try {
            var now = clock.instant();
            var known = state;
            if (known.find(keyId).isPresent()) {
                return CompletableFuture.completedFuture(known.find(keyId).get());
            }
            if (running != null) {
                // That fetch may have begun before there was such a key.
                return running.thenCompose(_ -> refreshFor(keyId, asked));
            }
            if (!known.mayBeForced(now)) {
                return CompletableFuture.completedFuture(notFound(known, asked));
            }
            // The initial fetch does not count against the limit for unknown key ids.
            return start(known.keys().isEmpty() ? known.forceAt() : now.plus(MIN_FORCED_INTERVAL))
                    .thenApply(fetched -> fetched.find(keyId).orElseGet(() -> notFound(fetched, asked)));
        } finally {
            lock.unlock();
        }
    }

    private static KeyLookup notFound(State known, Instant asked) {
        if (known.failure().isEmpty() && known.fetchedAt().isBefore(asked)) {
            return new KeyLookup.Unavailable(
                    "the keys were fetched less than a minute ago, before this one was asked for");
        }
        return known.failure().<KeyLookup>map(KeyLookup.Unavailable::new).orElseGet(KeyLookup.Unknown::new);
    }

    /** Starts a fetch; called with the lock held. */
    private CompletableFuture<State> start(Instant forceAt) {
        var fetch = new CompletableFuture<State>();
        running = fetch;
        background.execute(() -> {
            var fetched = fetch(state, forceAt);
            lock.lock();
            try {
                state = fetched;
                running = null;
            } finally {
                lock.unlock();
            }
            fetch.complete(fetched);
        });
        return fetch;
    }

    private State fetch(State before, Instant forceAt) {
        try {
            var fetched = source.fetch();
            var now = clock.instant();
            return new State(
                    fetched.keys(), now, now.plus(fetched.freshFor()), Instant.MIN, forceAt, 0, Optional.empty());
        } catch (IOException | RuntimeException e) {
            return failed(before, forceAt, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(before, forceAt, "interrupted");
        }
    }

    private State failed(State before, Instant forceAt, String reason) {
        log.atWarn().addKeyValue("reason", reason).log("webhook keys not fetched");
        long pause = before.keys().isEmpty()
                ? Math.min(1L << Math.min(before.failures(), MAX_DOUBLINGS), MAX_RETRY_DELAY.toSeconds())
                : MAX_RETRY_DELAY.toSeconds();
        return new State(
                before.keys(),
                before.fetchedAt(),
                before.staleAt(),
                clock.instant().plusSeconds(pause),
                forceAt,
                before.failures() + 1,
                Optional.of(reason));
    }
}
