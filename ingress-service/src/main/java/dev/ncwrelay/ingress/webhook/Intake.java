package dev.ncwrelay.ingress.webhook;

import dev.ncwrelay.ingress.decode.Inbound;
import dev.ncwrelay.ingress.decode.WebhookDecoder;
import dev.ncwrelay.ingress.publish.EventPublisher;
import dev.ncwrelay.ingress.publish.PublishOutcome;
import dev.ncwrelay.ingress.route.Router;
import dev.ncwrelay.ingress.verify.VerifiedWebhook;
import dev.ncwrelay.ingress.webhook.IntakeOutcome.Accepted;
import dev.ncwrelay.ingress.webhook.IntakeOutcome.NotNow;
import dev.ncwrelay.ingress.webhook.IntakeOutcome.OtherWorkspace;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a verified webhook through the further steps. What it answers is true then: an accepted event is on the log. */
final class Intake {

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private final Set<String> workspaces;
    private final WebhookDecoder decoder;
    private final Router router;
    private final EventPublisher publisher;
    private final RecentWebhooks recent;
    private final BooleanSupplier devicesKnown;

    Intake(
            Set<String> workspaces,
            WebhookDecoder decoder,
            Router router,
            EventPublisher publisher,
            RecentWebhooks recent,
            BooleanSupplier devicesKnown) {
        this.workspaces = Set.copyOf(workspaces);
        this.decoder = decoder;
        this.router = router;
        this.publisher = publisher;
        this.recent = recent;
        this.devicesKnown = devicesKnown;
    }

    /** Never blocks; what comes of it may complete on a thread of Kafka's, which must not be kept. */
    CompletableFuture<IntakeOutcome> take(VerifiedWebhook webhook, Optional<String> traceparent) {
        // Before all devices are known, one of them would miss what its wallet's others get.
        if (!devicesKnown.getAsBoolean()) {
            return CompletableFuture.completedFuture(new NotNow("devices_unknown", "the devices are still being read"));
        }
        return recent.once(webhook, () -> {
            var inbound = decoder.decode(webhook);
            return accepts(inbound)
                    ? publish(inbound, webhook, traceparent)
                    : CompletableFuture.completedFuture(new OtherWorkspace());
        });
    }

    /**
     * Fireblocks' keys sign for all workspaces of a region, so a valid signature alone does not make an event ours. A
     * body that cannot be read concerns no device and is kept, unless it names another workspace.
     */
    private boolean accepts(Inbound inbound) {
        return workspaces.isEmpty()
                || inbound.workspace().map(workspaces::contains).orElse(inbound instanceof Inbound.Unreadable);
    }

    private CompletableFuture<IntakeOutcome> publish(
            Inbound inbound, VerifiedWebhook webhook, Optional<String> traceparent) {
        var published = switch (inbound) {
            case Inbound.DeviceMessage message -> publisher.publish(router.route(message), traceparent);
            case Inbound.WalletEvent event -> publisher.publish(router.route(event), traceparent);
            case Inbound.WorkspaceNotice notice -> publisher.publish(router.route(notice), traceparent);
            case Inbound.Unreadable unreadable -> {
                log.atError().addKeyValue("reason", unreadable.reason()).log("webhook unreadable");
                yield publisher.setAside(webhook.body(), unreadable.reason());
            }
        };
        return published.thenApply(outcome -> switch (outcome) {
            case PublishOutcome.Unavailable(var cause) -> new NotNow("kafka_unavailable", cause);
            case PublishOutcome.Acknowledged() -> new Accepted(resultOf(inbound));
        });
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
