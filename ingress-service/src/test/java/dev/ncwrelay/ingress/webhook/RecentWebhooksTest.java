package dev.ncwrelay.ingress.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.ingress.verify.Verified;
import dev.ncwrelay.ingress.webhook.WebhookOutcome.Accepted;
import dev.ncwrelay.ingress.webhook.WebhookOutcome.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RecentWebhooksTest {

    private static final WebhookOutcome WRITTEN = new Accepted("device_message");
    private static final WebhookOutcome REPLAYED = new Accepted("replayed");
    private static final WebhookOutcome FAILED = new Unavailable("kafka_unavailable", "away");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final RecentWebhooks recent = new RecentWebhooks(Duration.ofHours(24), 3, clock);
    private final AtomicInteger writes = new AtomicInteger();

    @Test
    void publishOnce_withinTheWindow_publishesOnce() {
        assertThat(post("a", WRITTEN)).isEqualTo(WRITTEN);
        assertThat(post("a", WRITTEN)).isEqualTo(REPLAYED);
        assertThat(post("b", WRITTEN)).isEqualTo(WRITTEN);
        assertThat(writes).hasValue(2);

        now.updateAndGet(time -> time.plus(Duration.ofHours(24)));
        assertThat(post("a", WRITTEN)).isEqualTo(WRITTEN);
    }

    @Test
    void publishOnce_afterAFailure_publishesAgain() {
        assertThat(post("a", FAILED)).isEqualTo(FAILED);
        assertThat(post("a", WRITTEN)).isEqualTo(WRITTEN);
        assertThat(writes).hasValue(2);
    }

    @Test
    void publishOnce_ofConcurrentBodies_publishesOnce() {
        for (var outcome : new WebhookOutcome[] {FAILED, WRITTEN}) {
            // Given
            var write = new CompletableFuture<WebhookOutcome>();
            writes.set(0);

            // When
            var first = post("a", write);
            var second = post("a", write);
            assertThat(first).isNotDone();
            assertThat(second).isNotDone();
            write.complete(outcome);

            // Then
            assertThat(first).isCompletedWithValue(outcome);
            assertThat(second).isCompletedWithValue(outcome.equals(WRITTEN) ? REPLAYED : FAILED);
            assertThat(writes).hasValue(1);
        }
    }

    @Test
    void publishOnce_afterAnException_publishesAgain() {
        var failed = recent.publishOnce(Verified.body("a".getBytes(UTF_8), Instant.EPOCH), () -> {
            throw new IllegalStateException("bug");
        });

        assertThat(failed).isCompletedExceptionally();
        assertThat(post("a", WRITTEN)).isEqualTo(WRITTEN);
    }

    @Test
    void publishOnce_aboveTheMaximum_removesTheOldest() {
        for (var body : new String[] {"a", "b", "c", "d"}) {
            post(body, WRITTEN);
        }

        assertThat(recent.size()).isEqualTo(3);
        assertThat(post("b", WRITTEN)).isEqualTo(REPLAYED);
        assertThat(post("a", WRITTEN)).isEqualTo(WRITTEN);
    }

    private WebhookOutcome post(String body, WebhookOutcome outcome) {
        return post(body, CompletableFuture.completedFuture(outcome)).join();
    }

    private CompletableFuture<WebhookOutcome> post(String body, CompletableFuture<WebhookOutcome> outcome) {
        return recent.publishOnce(Verified.body(body.getBytes(UTF_8), Instant.EPOCH), () -> {
            writes.incrementAndGet();
            return outcome;
        });
    }
}
