package dev.ncwrelay.ingress.webhook;

import dev.ncwrelay.ingress.verify.VerifiedWebhook;
import dev.ncwrelay.ingress.webhook.WebhookOutcome.Accepted;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Recognizes signed bodies that this node has already published: Fireblocks' retries, and replays by others.
 *
 * <ol>
 *   <li>A body counts as published when Kafka has acknowledged it. A body whose publication failed is published again.
 *   <li>A body that is received twice at the same time is published once, and both requests get the outcome.
 *   <li>The number of remembered bodies is limited; the oldest is removed first.
 * </ol>
 */
final class RecentWebhooks {

    private static final WebhookOutcome REPLAYED = new Accepted("replayed");

    /** The first half of a body's SHA-256. */
    private record Fingerprint(long high, long low) {
        static Fingerprint of(VerifiedWebhook webhook) {
            var digest = ByteBuffer.wrap(webhook.digest());
            return new Fingerprint(digest.getLong(), digest.getLong());
        }
    }

    private final Duration window;
    private final int maxEntries;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Fingerprint, CompletableFuture<WebhookOutcome>> running = new HashMap<>();
    private final LinkedHashMap<Fingerprint, Integer> published = new LinkedHashMap<>();

    RecentWebhooks(Duration window, int maxEntries, Clock clock) {
        this.window = window;
        this.maxEntries = maxEntries;
        this.clock = clock;
    }

    /** Publishes a webhook unless it is already published or being published. */
    CompletableFuture<WebhookOutcome> publishOnce(
            VerifiedWebhook webhook, Supplier<CompletableFuture<WebhookOutcome>> publish) {
        var fingerprint = Fingerprint.of(webhook);
        var own = new CompletableFuture<WebhookOutcome>();
        lock.lock();
        try {
            removeExpired();
            if (published.containsKey(fingerprint)) {
                return CompletableFuture.completedFuture(REPLAYED);
            }
            var other = running.putIfAbsent(fingerprint, own);
            if (other != null) {
                return other.thenApply(outcome -> outcome instanceof Accepted ? REPLAYED : outcome);
            }
        } finally {
            lock.unlock();
        }
        var _ = publish(publish).whenComplete((outcome, failure) -> {
            remember(fingerprint, outcome);
            if (failure == null) {
                own.complete(outcome);
            } else {
                own.completeExceptionally(failure);
            }
        });
        return own;
    }

    /** Number of remembered bodies. */
    int size() {
        lock.lock();
        try {
            return published.size();
        } finally {
            lock.unlock();
        }
    }

    private static CompletableFuture<WebhookOutcome> publish(Supplier<CompletableFuture<WebhookOutcome>> publish) {
        try {
            return publish.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void remember(Fingerprint fingerprint, WebhookOutcome outcome) {
        lock.lock();
        try {
            running.remove(fingerprint);
            if (outcome instanceof Accepted) {
                published.put(fingerprint, (int) clock.instant().getEpochSecond());
                if (published.size() > maxEntries) {
                    published.pollFirstEntry();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void removeExpired() {
        long oldest = clock.instant().minus(window).getEpochSecond();
        var first = published.firstEntry();
        while (first != null && Integer.toUnsignedLong(first.getValue()) <= oldest) {
            published.pollFirstEntry();
            first = published.firstEntry();
        }
    }
}
