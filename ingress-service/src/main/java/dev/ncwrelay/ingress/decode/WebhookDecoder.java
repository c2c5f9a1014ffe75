package dev.ncwrelay.ingress.decode;

import dev.ncwrelay.ingress.verify.VerifiedWebhook;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Decodes the envelopes of webhooks v1 and v2, and of their data only the device and wallet ids. */
public final class WebhookDecoder {

    private static final String DEVICE_MESSAGE = "NCW_DEVICE_MESSAGE";
    private static final Set<String> DEVICE_ADDED =
            Set.of("embedded_wallet.device.added", "NCW_ADD_DEVICE_SETUP_REQUESTED");
    private static final String END_USER_WALLET = "END_USER_WALLET";

    /** Older documentation has createdAt in seconds; below this, milliseconds would be before March 1973. */
    private static final long FIRST_MILLIS = 100_000_000_000L;

    private static final int PIECE = 8192;

    /** JSON is UTF-8 (RFC 8259 section 8.1); charset detection may take UTF-8 for UTF-16, which has no byte offsets. */
    private final JsonMapper json = JsonMapper.builder(JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonMemberExtractor members = new JsonMemberExtractor(json);

    /** Decodes a webhook; never throws. */
    public DecodedWebhook decode(VerifiedWebhook webhook) {
        var body = webhook.body();
        JsonNode document;
        try {
            requireUtf8(body);
            document = json.readTree(body);
        } catch (CharacterCodingException e) {
            return new DecodedWebhook.Unreadable("not UTF-8", null);
        } catch (JacksonException e) {
            // Jackson's message quotes the body, which must not be logged.
            var at = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
            return new DecodedWebhook.Unreadable(
                    "not JSON at byte " + at + ": " + e.getClass().getSimpleName(), null);
        }
        var type = text(document, "eventType") == null ? text(document, "type") : text(document, "eventType");
        if (type == null) {
            return new DecodedWebhook.Unreadable("neither eventType nor type", workspace(document));
        }
        var meta = meta(document, type, webhook);
        return type.equals(DEVICE_MESSAGE) ? deviceMessage(meta, document, body) : other(meta, document, body);
    }

    /** There are three layouts: members beside {@code data}, beside {@code message}, and inside {@code data}. */
    private DecodedWebhook deviceMessage(EventMetadata meta, JsonNode document, byte[] body) {
        boolean nested = text(document, "deviceId") == null;
        var fields = nested ? document.path("data") : document;
        var deviceId = text(fields, "deviceId");
        if (deviceId == null) {
            return new DecodedWebhook.Unreadable(DEVICE_MESSAGE + " without deviceId", meta.workspaceId());
        }
        var content = nested
                ? members.find(body, "data", "data").or(() -> members.find(body, "data", "message"))
                : members.find(body, "data").or(() -> members.find(body, "message"));
        return content.<DecodedWebhook>map(data -> new DecodedWebhook.DeviceMessage(
                        meta, deviceId, text(fields, "walletId"), text(fields, "physicalDeviceId"), data))
                .orElseGet(() ->
                        new DecodedWebhook.Unreadable(DEVICE_MESSAGE + " without data or message", meta.workspaceId()));
    }

    private DecodedWebhook other(EventMetadata meta, JsonNode document, byte[] body) {
        var data = document.path("data");
        var wallets = isWalletType(meta.type()) ? wallets(data) : Set.<String>of();
        if (wallets.isEmpty()) {
            return new DecodedWebhook.WorkspaceNotice(meta, ByteBuffer.wrap(body));
        }
        var requesting = DEVICE_ADDED.contains(meta.type()) ? text(data, "deviceId") : null;
        return new DecodedWebhook.WalletEvent(
                meta, wallets, requesting, members.find(body, "data").orElseThrow());
    }

    private static boolean isWalletType(String type) {
        return type.startsWith("transaction.")
                || type.startsWith("embedded_wallet.")
                || type.startsWith("TRANSACTION_")
                || type.startsWith("NCW_")
                || type.startsWith(END_USER_WALLET);
    }

    /** The source and destination wallets of a transaction, or the wallet of a wallet event. */
    private static Set<String> wallets(JsonNode data) {
        var wallets = new LinkedHashSet<String>();
        add(wallets, text(data, "walletId"));
        addEndUserWallet(wallets, data.path("source"));
        addEndUserWallet(wallets, data.path("destination"));
        for (var destination : data.path("destinations")) {
            addEndUserWallet(wallets, destination.path("destination"));
        }
        return wallets;
    }

    private static void addEndUserWallet(Set<String> wallets, JsonNode peer) {
        if (END_USER_WALLET.equals(text(peer, "type"))) {
            add(wallets, text(peer, "walletId"));
        }
    }

    private static void add(Set<String> wallets, @Nullable String walletId) {
        if (walletId != null && !walletId.isBlank()) {
            wallets.add(walletId);
        }
    }

    private static EventMetadata meta(JsonNode document, String type, VerifiedWebhook webhook) {
        var id = text(document, "id");
        boolean version2 = document.has("eventType");
        return new EventMetadata(
                version2 && id != null ? id : HexFormat.of().formatHex(webhook.digest()),
                type,
                workspace(document),
                text(document, "resourceId"),
                time(document.path(version2 ? "createdAt" : "timestamp"), webhook.receivedAt()),
                webhook.receivedAt());
    }

    private static @Nullable String workspace(JsonNode document) {
        return text(document, document.has("eventType") ? "workspaceId" : "tenantId");
    }

    private static Instant time(JsonNode value, Instant fallback) {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() <= 0) {
            return fallback;
        }
        long number = value.longValue();
        return number < FIRST_MILLIS ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
    }

    private static @Nullable String text(JsonNode object, String name) {
        var value = object.path(name);
        return value.isString() && !value.stringValue().isEmpty() ? value.stringValue() : null;
    }

    /** Decodes in pieces: the characters of a whole body would need twice its size. */
    private static void requireUtf8(byte[] body) throws CharacterCodingException {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var bytes = ByteBuffer.wrap(body);
        var characters = CharBuffer.allocate(PIECE);
        CoderResult result;
        do {
            characters.clear();
            result = decoder.decode(bytes, characters, true);
            if (result.isError()) {
                result.throwException();
            }
        } while (result.isOverflow());
    }
}
