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
 * Fireblocks' signing keys, cached as its documentation requires. No call blocks.
 *
 * <ol>
 *   <li>A cached key is returned at once; a stale set is refreshed in the background.
 *   <li>An unknown key id refreshes the set at most once a minute, so that forged ids cannot flood Fireblocks. Until the
 *       next refresh the result is {@link KeyLookup.Unavailable}, because the key may be new: Fireblocks sends the webhook
 *       again. Fetches for other reasons do not count against this limit, or a key created just after the start would be
 *       rejected.
 *   <li>While refreshing fails, cached keys stay valid. The next attempt is after 30 seconds; without any key after 1, 2,
 *       4, 8, 16 and then every 30 seconds.
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
     * The cached keys.
     *
     * @param fetchedAt when the keys were fetched
     * @param retryAt earliest next attempt after a failure
     * @param forceAt earliest next fetch for an unknown key id
     * @param failures failures since the last success
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

    /** The key with this id; completes at once unless the set must be fetched for it. */
    CompletableFuture<KeyLookup> find(String keyId) {
        var found = state.find(keyId);
        if (found.isPresent()) {
            refresh();
            return CompletableFuture.completedFuture(found.get());
        }
        return refreshFor(keyId, clock.instant());
    }

    /** Why the latest fetch failed, human-readable; empty when healthy. */
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

    /** Fetches the keys because one is missing, at most once a minute. */
    private CompletableFuture<KeyLookup> refreshFor(String keyId, Instant requestedAt) {
        lock.lock();
        try {
            var now = clock.instant();
            var known = state;
            if (known.find(keyId).isPresent()) {
                return CompletableFuture.completedFuture(known.find(keyId).get());
            }
            if (running != null) {
                // The running fetch may have begun before the key existed.
                return running.thenCompose(_ -> refreshFor(keyId, requestedAt));
            }
            if (!known.mayBeForced(now)) {
                return CompletableFuture.completedFuture(notFound(known, requestedAt));
            }
            // The initial fetch does not count against the limit for unknown key ids.
            return start(known.keys().isEmpty() ? known.forceAt() : now.plus(MIN_FORCED_INTERVAL))
                    .thenApply(fetched -> fetched.find(keyId).orElseGet(() -> notFound(fetched, requestedAt)));
        } finally {
            lock.unlock();
        }
    }

    private static KeyLookup notFound(State known, Instant requestedAt) {
        if (known.failure().isEmpty() && known.fetchedAt().isBefore(requestedAt)) {
            return new KeyLookup.Unavailable("unknown key id; the keys were refreshed less than a minute ago");
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
        log.atWarn().addKeyValue("reason", reason).log("fetching webhook keys failed");
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
