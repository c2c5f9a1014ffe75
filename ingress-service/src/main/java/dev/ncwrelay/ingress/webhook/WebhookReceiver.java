package dev.ncwrelay.ingress.webhook;

import dev.ncwrelay.ingress.verify.HeaderCheck;
import dev.ncwrelay.ingress.verify.SignatureCheck;
import dev.ncwrelay.ingress.verify.Verification;
import dev.ncwrelay.ingress.verify.WebhookVerifier;
import dev.ncwrelay.ingress.webhook.WebhookOutcome.Incomplete;
import dev.ncwrelay.ingress.webhook.WebhookOutcome.InvalidHeader;
import dev.ncwrelay.ingress.webhook.WebhookOutcome.InvalidSignature;
import dev.ncwrelay.ingress.webhook.WebhookOutcome.TooLarge;
import dev.ncwrelay.ingress.webhook.WebhookOutcome.Unavailable;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes a request from its headers to its outcome. It waits for keys, for the body and for Kafka without a thread.
 */
final class WebhookReceiver {

    private static final Logger log = LoggerFactory.getLogger(WebhookReceiver.class);

    private final WebhookVerifier verifier;
    private final WebhookPipeline pipeline;
    private final BodyBudget budget;
    private final BodyExecutors executors;
    private final IngressSettings.Http settings;
    private final Clock clock;

    WebhookReceiver(
            WebhookVerifier verifier,
            WebhookPipeline pipeline,
            BodyBudget budget,
            BodyExecutors executors,
            IngressSettings.Http settings,
            Clock clock) {
        this.verifier = verifier;
        this.pipeline = pipeline;
        this.budget = budget;
        this.executors = executors;
        this.settings = settings;
        this.clock = clock;
    }

    BodyReader reader(Request request) {
        return new BodyReader(request, (int) settings.maxBody().toBytes(), budget, executors);
    }

    /** Completes normally, on a thread of this service. */
    CompletableFuture<WebhookOutcome> receive(Request request, BodyReader reader) {
        if (request.getLength() > settings.maxBody().toBytes()) {
            return CompletableFuture.completedFuture(new TooLarge());
        }
        return prepare(request)
                .thenCompose(preparation -> switch (preparation) {
                    case HeaderCheck.Rejected(var reason) -> completed(new InvalidHeader(reason));
                    case HeaderCheck.KeysUnavailable(var cause) ->
                        completed(new Unavailable("keys_unavailable", cause));
                    case HeaderCheck.Prepared(var check) ->
                        reader.read(System.nanoTime())
                                .thenCompose(received -> take(received, check, header(request, "traceparent")));
                })
                .exceptionally(WebhookReceiver::unexpected)
                .whenComplete((_, _) -> reader.free())
                .thenCompose(outcome ->
                        outcome instanceof InvalidSignature ? executors.delayed(outcome) : completed(outcome));
    }

    private CompletableFuture<HeaderCheck> prepare(Request request) {
        return verifier.prepare(
                header(request, "Fireblocks-Webhook-Signature"), header(request, "Fireblocks-Signature"));
    }

    private CompletableFuture<WebhookOutcome> take(
            BodyResult received, SignatureCheck check, Optional<String> traceparent) {
        return switch (received) {
            case BodyResult.TooLarge() -> completed(new TooLarge());
            case BodyResult.Incomplete(var reason) -> completed(new Incomplete(reason));
            case BodyResult.OverBudget() ->
                completed(new Unavailable("overloaded", "too many request bodies in memory"));
            case BodyResult.Complete(var body) -> {
                var receivedAt = clock.instant();
                yield executors.run(body.length, () -> switch (check.verify(body, receivedAt)) {
                    case Verification.Rejected(var reason) -> completed(new InvalidSignature(reason));
                    case Verification.Verified(var webhook) -> pipeline.take(webhook, traceparent);
                });
            }
        };
    }

    /** An internal error is answered 503, so that Fireblocks sends the event again. */
    private static WebhookOutcome unexpected(Throwable failure) {
        var cause = failure.getCause() == null ? failure : failure.getCause();
        log.atError().addKeyValue("reason", cause.toString()).log("webhook failed");
        log.atDebug().setCause(cause).log("webhook failed");
        return new Unavailable("failed", "internal error");
    }

    private static CompletableFuture<WebhookOutcome> completed(WebhookOutcome outcome) {
        return CompletableFuture.completedFuture(outcome);
    }

    private static Optional<String> header(Request request, String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }
}
