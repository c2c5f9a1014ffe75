package dev.ncwrelay.testkit.simulator;

import dev.ncwrelay.testkit.samples.DeviceMessageForm;
import dev.ncwrelay.testkit.samples.WebhookBody;
import dev.ncwrelay.testkit.webhook.SignatureMode;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A webhook to be sent, made from the sample of its type. What is not given stays as in the sample, except the time,
 * which is now, and the event id, which is new.
 *
 * @param type of v2 ({@code transaction.status.updated}) or of v1 ({@code NCW_DEVICE_MESSAGE})
 * @param id the event id, of v2 only
 * @param walletId the wallet that the event is about, of a transaction its source
 * @param destinations the wallets that a transaction goes to
 * @param transactionId the transaction's id
 * @param status the transaction's status
 * @param form how a device message is laid out
 * @param data replaces the sample's data; of a device message its content
 * @param signature which headers to send
 * @param forged whether to sign with another key under the id of the current one
 */
record SendWebhookRequest(
        @Nullable String type,
        @Nullable String id,
        @Nullable String walletId,
        @Nullable String deviceId,
        @Nullable String physicalDeviceId,
        @Nullable List<String> destinations,
        @Nullable String transactionId,
        @Nullable String status,
        @Nullable DeviceMessageForm form,
        @Nullable JsonNode data,
        @Nullable SignatureMode signature,
        @Nullable Boolean forged) {

    private static final String DEVICE_MESSAGE = "NCW_DEVICE_MESSAGE";

    /**
     * The body in full.
     *
     * @throws InvalidRequestException if a member is missing or does not go with the type
     */
    byte[] body() {
        if (type == null || type.isBlank()) {
            throw new InvalidRequestException("type is expected, for example \"transaction.status.updated\"");
        }
        var version1 = type.matches("[A-Z_]+");
        if (version1 && id != null) {
            throw new InvalidRequestException(
                    "id belongs to webhooks v2; " + type + " is one of v1, which have no event id");
        }
        var body = start(type, version1).createdAt(Instant.now());
        body = with(body, data, type.equals(DEVICE_MESSAGE) ? SendWebhookRequest::content : SendWebhookRequest::data);
        body = with(body, id, WebhookBody::id);
        body = with(body, walletId, WebhookBody::walletId);
        body = with(body, deviceId, WebhookBody::deviceId);
        body = with(body, physicalDeviceId, WebhookBody::physicalDeviceId);
        body = with(body, destinations, WebhookBody::destinations);
        body = with(body, transactionId, WebhookBody::transactionId);
        return with(body, status, WebhookBody::status).bytes();
    }

    private WebhookBody start(String type, boolean version1) {
        if (!type.equals(DEVICE_MESSAGE)) {
            return version1 ? WebhookBody.v1(type) : WebhookBody.v2(type);
        }
        return WebhookBody.deviceMessage(form == null ? DeviceMessageForm.TOP_LEVEL : form);
    }

    private static WebhookBody content(WebhookBody body, JsonNode content) {
        return body.content(content.toString());
    }

    private static WebhookBody data(WebhookBody body, JsonNode data) {
        if (!data.isObject()) {
            throw new InvalidRequestException("data must be a JSON object");
        }
        return body.data(data.toString());
    }

    private static <T> WebhookBody with(
            WebhookBody body, @Nullable T value, BiFunction<WebhookBody, T, WebhookBody> change) {
        return value == null ? body : change.apply(body, value);
    }
}
