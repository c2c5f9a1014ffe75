package dev.ncwrelay.testkit.samples;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/**
 * A webhook body made from a documented payload by replacing ids, times and content. Immutable: each change gives a
 * new body, and what is not changed stays as in the sample, member order included.
 */
public final class WebhookBody {
    private final ObjectNode json;

    private WebhookBody(ObjectNode json) {
        this.json = json;
    }

    /** The body of this sample, unchanged. */
    public static WebhookBody from(Sample sample) {
        return new WebhookBody((ObjectNode) sample.json());
    }

    /**
     * A v2 event with a new id, from the sample of its type. A {@code transaction.*} event names the sample's
     * end-user wallet as its source; a type without a sample has empty data.
     */
    public static WebhookBody v2(String eventType) {
        var base = eventType.startsWith("transaction.")
                ? from(Samples.v2("transaction.status.updated.end-user-wallet"))
                : sampleOrEmpty("v2-" + eventType, "v2-embedded_wallet.created");
        return base.with(json -> json.put("eventType", eventType))
                .id(UUID.randomUUID().toString());
    }

    /** A v1 event, from the sample of its type as with {@link #v2}; v1 has no event id. */
    public static WebhookBody v1(String type) {
        var base = type.startsWith("TRANSACTION_")
                ? from(Samples.v1("TRANSACTION_CREATED.end-user-wallet"))
                : sampleOrEmpty("v1-" + type, "v1-NCW_CREATED");
        return base.with(json -> json.put("type", type));
    }

    /** A v1 device message in one of its three known forms. */
    public static WebhookBody deviceMessage(DeviceMessageForm form) {
        return from(form.sample());
    }

    /** Sets the v2 event id. */
    public WebhookBody id(String id) {
        return with(json -> json.put("id", id));
    }

    /** Sets the workspace the event belongs to: {@code workspaceId} of v2, {@code tenantId} of v1. */
    public WebhookBody workspaceId(String id) {
        return with(json -> json.put(json.has("eventType") ? "workspaceId" : "tenantId", id));
    }

    /** Sets when the event was created, in the envelope: {@code createdAt} of v2, {@code timestamp} of v1. */
    public WebhookBody createdAt(Instant time) {
        return with(json -> json.put(json.has("eventType") ? "createdAt" : "timestamp", time.toEpochMilli()));
    }

    /** Sets the wallet that the event is about: the member {@code walletId} or, of a transaction, its source. */
    public WebhookBody walletId(String walletId) {
        if (json.path("data").has("source")) {
            return source(walletId);
        }
        return with(json -> holder(json, "walletId").put("walletId", walletId));
    }

    public WebhookBody deviceId(String deviceId) {
        return with(json -> holder(json, "deviceId").put("deviceId", deviceId));
    }

    public WebhookBody physicalDeviceId(String physicalDeviceId) {
        return with(json -> holder(json, "physicalDeviceId").put("physicalDeviceId", physicalDeviceId));
    }

    /** Removes a member, at the top or in {@code data}. */
    public WebhookBody without(String member) {
        return with(json -> holder(json, member).remove(member));
    }

    /** Replaces {@code data} by this JSON text. */
    public WebhookBody data(String jsonText) {
        return with(json -> json.set("data", CompactJson.read(jsonText)));
    }

    /** Replaces a device message's content, wherever its form keeps it, by this JSON text. */
    public WebhookBody content(String jsonText) {
        return with(json -> DeviceMessageForm.of(json).content(json, CompactJson.read(jsonText)));
    }

    /** Sets the transaction's id, and the v2 envelope's {@code resourceId} with it. */
    public WebhookBody transactionId(String id) {
        return with(json -> {
            data(json).put("id", id);
            if (json.has("resourceId")) {
                json.put("resourceId", id);
            }
        });
    }

    /** Sets the transaction's status, for example {@code PENDING_SIGNATURE}. */
    public WebhookBody status(String status) {
        return with(json -> data(json).put("status", status));
    }

    /** Makes an end-user wallet the transaction's source. */
    public WebhookBody source(String walletId) {
        return with(json -> endUserWallet(data(json).putObject("source"), walletId));
    }

    /** Makes the source of the transaction external, without a wallet. */
    public WebhookBody sourceOutside() {
        return with(json -> data(json)
                .putObject("source")
                .put("id", "")
                .put("type", "UNKNOWN")
                .put("name", "External"));
    }

    /** Makes an end-user wallet the transaction's destination. */
    public WebhookBody destination(String walletId) {
        return with(json -> endUserWallet(data(json).putObject("destination"), walletId));
    }

    /** Makes these end-user wallets the destinations of a transaction with several. */
    public WebhookBody destinations(List<String> walletIds) {
        return with(json -> {
            var destinations = data(json).putArray("destinations");
            for (var walletId : walletIds) {
                endUserWallet(destinations.addObject().putObject("destination"), walletId);
            }
        });
    }

    /** The body as Fireblocks would send it: compact UTF-8. */
    public byte[] bytes() {
        return CompactJson.write(json).getBytes(StandardCharsets.UTF_8);
    }

    private static WebhookBody sampleOrEmpty(String name, String envelope) {
        return Samples.webhooks().stream()
                .filter(sample -> sample.name().equals(name) || sample.name().equals(name + ".docs"))
                .findFirst()
                .map(WebhookBody::from)
                .orElseGet(() -> from(Samples.named(envelope)).data("{}"));
    }

    private WebhookBody with(Consumer<ObjectNode> change) {
        var copy = json.deepCopy();
        change.accept(copy);
        return new WebhookBody(copy);
    }

    private static ObjectNode holder(ObjectNode json, String member) {
        return json.has(member) || !json.has("data") ? json : data(json);
    }

    private static ObjectNode data(ObjectNode json) {
        return (ObjectNode) json.get("data");
    }

    private static void endUserWallet(ObjectNode peer, String walletId) {
        peer.put("id", "0")
                .put("type", "END_USER_WALLET")
                .put("walletId", walletId)
                .put("name", "External")
                .put("subType", "");
    }
}
