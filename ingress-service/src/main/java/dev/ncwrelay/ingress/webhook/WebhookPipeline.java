package dev.ncwrelay.ingress.webhook;

import dev.ncwrelay.ingress.decode.DecodedWebhook;
import dev.ncwrelay.ingress.decode.WebhookDecoder;
import dev.ncwrelay.ingress.publish.EventPublisher;
import dev.ncwrelay.ingress.publish.PublishOutcome;
import dev.ncwrelay.ingress.route.Router;
import dev.ncwrelay.ingress.verify.VerifiedWebhook;
import dev.ncwrelay.ingress.webhook.WebhookOutcome.Accepted;
import dev.ncwrelay.ingress.webhook.WebhookOutcome.OtherWorkspace;
import dev.ncwrelay.ingress.webhook.WebhookOutcome.Unavailable;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes, routes and publishes a verified webhook; accepted means acknowledged by Kafka. */
final class WebhookPipeline {

    private static final Logger log = LoggerFactory.getLogger(WebhookPipeline.class);

    private final Set<String> workspaces;
    private final WebhookDecoder decoder;
    private final Router router;
    private final EventPublisher publisher;
    private final RecentWebhooks recent;
    private final BooleanSupplier devicesLoaded;

    WebhookPipeline(
            Set<String> workspaces,
            WebhookDecoder decoder,
            Router router,
            EventPublisher publisher,
            RecentWebhooks recent,
            BooleanSupplier devicesLoaded) {
        this.workspaces = Set.copyOf(workspaces);
        this.decoder = decoder;
        this.router = router;
        this.publisher = publisher;
        this.recent = recent;
        this.devicesLoaded = devicesLoaded;
    }

    /** Never blocks. The result may complete on a thread of Kafka's producer, which must not be blocked. */
    CompletableFuture<WebhookOutcome> take(VerifiedWebhook webhook, Optional<String> traceparent) {
        // Before all devices are loaded, a device could miss an event that the other devices of its wallet receive.
        if (!devicesLoaded.getAsBoolean()) {
            return CompletableFuture.completedFuture(
                    new Unavailable("devices_loading", "the devices are still being loaded"));
        }
        return recent.publishOnce(webhook, () -> {
            var inbound = decoder.decode(webhook);
            return accepts(inbound)
                    ? publish(inbound, webhook, traceparent)
                    : CompletableFuture.completedFuture(new OtherWorkspace());
        });
    }

    /**
     * Fireblocks' keys sign for all workspaces of a region, so a valid signature does not prove that a webhook is of this
     * enterprise. An unreadable body is kept as a dead letter unless it contains another workspace.
     */
    private boolean accepts(DecodedWebhook inbound) {
        return workspaces.isEmpty()
                || inbound.workspace().map(workspaces::contains).orElse(inbound instanceof DecodedWebhook.Unreadable);
    }

    private CompletableFuture<WebhookOutcome> publish(
            DecodedWebhook inbound, VerifiedWebhook webhook, Optional<String> traceparent) {
        var published = switch (inbound) {
            case DecodedWebhook.DeviceMessage message -> publisher.publish(router.route(message), traceparent);
            case DecodedWebhook.WalletEvent event -> publisher.publish(router.route(event), traceparent);
            case DecodedWebhook.WorkspaceNotice notice -> publisher.publish(router.route(notice), traceparent);
            case DecodedWebhook.Unreadable unreadable -> {
                log.atError().addKeyValue("reason", unreadable.reason()).log("webhook unreadable");
                yield publisher.setAside(webhook.body(), unreadable.reason());
            }
        };
        return published.thenApply(outcome -> switch (outcome) {
            case PublishOutcome.Unavailable(var cause) -> new Unavailable("kafka_unavailable", cause);
            case PublishOutcome.Acknowledged() -> new Accepted(resultOf(inbound));
        });
    }

    private static String resultOf(DecodedWebhook inbound) {
        return switch (inbound) {
            case DecodedWebhook.DeviceMessage _ -> "device_message";
            case DecodedWebhook.WalletEvent _ -> "wallet_event";
            case DecodedWebhook.WorkspaceNotice _ -> "workspace_event";
            case DecodedWebhook.Unreadable _ -> "unreadable";
        };
    }
}
