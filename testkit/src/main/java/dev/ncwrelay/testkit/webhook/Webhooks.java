package dev.ncwrelay.testkit.webhook;

import dev.ncwrelay.testkit.http.Delay;
import dev.ncwrelay.testkit.keys.SigningKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Signs webhooks and sends them. Immutable: each setting returns another sender, so one test can have several. By default
 * there is no target, the signature is a JWS of the current key, and failed deliveries are not retried.
 */
public final class Webhooks {
    private final Transport transport;
    private final WebhookSigner signer;
    private final RetrySchedule schedule;
    private final Duration responseTimeout;
    private final @Nullable URI target;

    /** What sending needs, the same for every sender of a server. */
    record Transport(HttpClient client, Delay delay, Clock clock) {}

    private Webhooks(
            Transport transport,
            WebhookSigner signer,
            RetrySchedule schedule,
            Duration responseTimeout,
            @Nullable URI target) {
        this.transport = transport;
        this.signer = signer;
        this.schedule = schedule;
        this.responseTimeout = responseTimeout;
        this.target = target;
    }

    public static Webhooks using(
            HttpClient client, Delay delay, Clock clock, Supplier<SigningKey> jwsKey, Supplier<SigningKey> legacyKey) {
        return new Webhooks(
                new Transport(client, delay, clock),
                new WebhookSigner(SignatureMode.JWS, jwsKey, legacyKey),
                RetrySchedule.none(),
                // Fireblocks does not publish its timeout.
                Duration.ofSeconds(30),
                null);
    }

    /** Sends to this address. */
    public Webhooks to(URI target) {
        return new Webhooks(transport, signer, schedule, responseTimeout, target);
    }

    public Webhooks signing(SignatureMode mode) {
        return signing(new WebhookSigner(mode, signer.jwsKey(), signer.legacyKey()));
    }

    /** Signs the JWS with this key, published or not. */
    public Webhooks signedBy(SigningKey key) {
        return signing(new WebhookSigner(signer.mode(), () -> key, signer.legacyKey()));
    }

    /** Makes the legacy signature with this key. */
    public Webhooks legacySignedBy(SigningKey key) {
        return signing(new WebhookSigner(signer.mode(), signer.jwsKey(), () -> key));
    }

    public Webhooks retrying(RetrySchedule schedule) {
        return new Webhooks(transport, signer, schedule, responseTimeout, target);
    }

    /** How long one attempt may take before it counts as unanswered. */
    public Webhooks responseTimeout(Duration timeout) {
        return new Webhooks(transport, signer, schedule, timeout, target);
    }

    /** The target, if set. */
    public Optional<URI> target() {
        return Optional.ofNullable(target);
    }

    /** The signature headers for exactly these bytes, for a test that sends them itself. */
    public Map<String, String> sign(byte[] body) {
        return signer.sign(body);
    }

    /**
     * Signs and sends a body, and sends the same bytes again after each failed attempt until the schedule ends.
     *
     * @throws IllegalStateException if no target was set
     */
    public PendingDelivery send(byte[] body) {
        if (target == null) {
            throw new IllegalStateException("say where to: webhooks().to(uri)");
        }
        return new WebhookSender(transport, signer, schedule, responseTimeout, target).send(body);
    }

    private Webhooks signing(WebhookSigner other) {
        return new Webhooks(transport, other, schedule, responseTimeout, target);
    }
}
