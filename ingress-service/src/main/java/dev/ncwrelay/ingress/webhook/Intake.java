package dev.ncwrelay.ingress.webhook;

import dev.ncwrelay.ingress.decode.Inbound;
import dev.ncwrelay.ingress.decode.WebhookDecoder;
import dev.ncwrelay.ingress.publish.EventPublisher;
import dev.ncwrelay.ingress.publish.PublishOutcome;
import dev.ncwrelay.ingress.route.Router;
import dev.ncwrelay.ingress.verify.RawWebhook;
import dev.ncwrelay.ingress.verify.Verification;
import dev.ncwrelay.ingress.verify.VerifiedWebhook;
import dev.ncwrelay.ingress.verify.WebhookVerifier;
import dev.ncwrelay.ingress.webhook.IntakeOutcome.Accepted;
import dev.ncwrelay.ingress.webhook.IntakeOutcome.NotNow;
import dev.ncwrelay.ingress.webhook.IntakeOutcome.Refused;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a webhook through all steps. What it answers is true when it answers: an accepted event is on the log. */
final class Intake {

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private final WebhookVerifier verifier;
    private final WebhookDecoder decoder;
    private final Router router;
    private final EventPublisher publisher;
    private final BooleanSupplier devicesKnown;

    Intake(
            WebhookVerifier verifier,
            WebhookDecoder decoder,
            Router router,
            EventPublisher publisher,
            BooleanSupplier devicesKnown) {
        this.verifier = verifier;
        this.decoder = decoder;
        this.router = router;
        this.publisher = publisher;
        this.devicesKnown = devicesKnown;
    }

    IntakeOutcome take(RawWebhook raw, Optional<String> traceparent) {
        return switch (verifier.verify(raw)) {
            case Verification.Rejected(var reason) -> new Refused(reason);
            case Verification.KeysUnavailable(var cause) -> new NotNow("keys_unavailable", cause);
            // Before all devices are known, one of them would miss what its wallet's others get.
            case Verification.Verified(var webhook) ->
                devicesKnown.getAsBoolean()
                        ? take(webhook, traceparent)
                        : new NotNow("devices_unknown", "the devices are still being read");
        };
    }

    private IntakeOutcome take(VerifiedWebhook webhook, Optional<String> traceparent) {
        var inbound = decoder.decode(webhook);
        var published = switch (inbound) {
            case Inbound.DeviceMessage message -> publisher.publish(router.route(message), traceparent);
            case Inbound.WalletEvent event -> publisher.publish(router.route(event), traceparent);
            case Inbound.WorkspaceNotice notice -> publisher.publish(router.route(notice), traceparent);
            case Inbound.Unreadable(var reason) -> {
                log.atError().addKeyValue("reason", reason).log("webhook unreadable");
                yield publisher.setAside(webhook.body(), reason);
            }
        };
        return switch (published) {
            case PublishOutcome.Unavailable(var cause) -> new NotNow("kafka_unavailable", cause);
            case PublishOutcome.Acknowledged() -> new Accepted(resultOf(inbound));
        };
    }

    private static String resultOf(Inbound inbound) {
        return switch (inbound) {
            case Inbound.DeviceMessage _ -> "device_message";
            case Inbound.WalletEvent _ -> "wallet_event";
            case Inbound.WorkspaceNotice _ -> "workspace_notice";
            case Inbound.Unreadable _ -> "unreadable";
        };
    }
}
