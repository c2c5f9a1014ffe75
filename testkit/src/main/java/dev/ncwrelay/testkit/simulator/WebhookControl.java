package dev.ncwrelay.testkit.simulator;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import dev.ncwrelay.testkit.keys.SigningKey;
import dev.ncwrelay.testkit.keys.SigningKeys;
import dev.ncwrelay.testkit.webhook.Attempt;
import dev.ncwrelay.testkit.webhook.PendingDelivery;
import dev.ncwrelay.testkit.webhook.SignatureMode;
import dev.ncwrelay.testkit.webhook.Webhooks;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sends webhooks on request and reports their delivery. */
final class WebhookControl {
    private static final int KEPT = 1000;

    private final Webhooks webhooks;
    private final SigningKeys keys;
    private final Map<Integer, PendingDelivery> deliveries = new LinkedHashMap<>();
    private int sent;

    WebhookControl(Webhooks webhooks, SigningKeys keys) {
        this.webhooks = webhooks;
        this.keys = keys;
    }

    List<Route> routes() {
        return List.of(
                Control.routeLater("POST", "/simulator/webhooks", this::send),
                Control.routeLater("POST", "/simulator/webhooks/raw", this::sendRaw),
                Control.route("GET", "/simulator/webhooks/{delivery}", this::show));
    }

    private CompletionStage<Answer> send(Received received) {
        var request = Control.request(SendWebhookRequest.class, received);
        var body = request.body();
        var sender = signing(request.signature());
        return send(body, Boolean.TRUE.equals(request.forged()) ? forging(sender) : sender);
    }

    private CompletionStage<Answer> sendRaw(Received received) {
        var mode = received.parameter("signature").map(WebhookControl::mode).orElse(null);
        return send(received.body().toArray(), signing(mode));
    }

    /** Answers after the first attempt; the repetitions, if any, can be asked for. */
    private CompletionStage<Answer> send(byte[] body, Webhooks sender) {
        var delivery = sender.send(body);
        var number = keep(delivery);
        return delivery.first().thenApply(_ -> describe(number, delivery));
    }

    private Webhooks signing(@Nullable SignatureMode mode) {
        return mode == null ? webhooks : webhooks.signing(mode);
    }

    /** Signs with a key that nobody published, under the id of the current one. */
    private Webhooks forging(Webhooks sender) {
        var current = keys.current();
        var forged = Stream.generate(() -> SigningKey.ofFireblocksSize(current.kid()))
                .filter(key -> !key.publicKey().equals(current.publicKey()))
                .findFirst()
                .orElseThrow();
        return sender.signedBy(forged).legacySignedBy(forged);
    }

    private synchronized int keep(PendingDelivery delivery) {
        sent++;
        deliveries.put(sent, delivery);
        deliveries.remove(sent - KEPT);
        return sent;
    }

    private Answer show(Received received) {
        var number = received.variable("delivery");
        var delivery = number.matches("\\d{1,9}") ? find(Integer.parseInt(number)) : null;
        if (delivery == null) {
            return Answer.problem(
                    404, "unknown-delivery", "No such delivery", "one of the latest " + KEPT + " numbers is expected");
        }
        return describe(Integer.parseInt(number), delivery);
    }

    private synchronized @Nullable PendingDelivery find(int number) {
        return deliveries.get(number);
    }

    private Answer describe(int number, PendingDelivery pending) {
        var delivery = pending.now();
        var description = new LinkedHashMap<String, Object>();
        description.put("delivery", number);
        description.put("target", webhooks.target().orElseThrow().toString());
        description.put("state", delivery.state().name());
        description.put("status", delivery.status());
        description.put(
                "attempts",
                delivery.attempts().stream().map(WebhookControl::describe).toList());
        description.put("body", delivery.body().utf8());
        return Answer.json(200, description);
    }

    private static Map<String, Object> describe(Attempt attempt) {
        var description = new LinkedHashMap<String, Object>();
        description.put("number", attempt.number());
        description.put("startedAt", attempt.startedAt().toString());
        description.put("millis", attempt.took().toMillis());
        switch (attempt.result()) {
            case Attempt.Result.Answered(int status, String body) -> {
                description.put("status", status);
                description.put("answer", body);
            }
            case Attempt.Result.TimedOut() -> description.put("failure", "TIMED_OUT");
            case Attempt.Result.NoResponse(String cause) -> {
                description.put("failure", "NO_RESPONSE");
                description.put("cause", cause);
            }
        }
        return description;
    }

    private static SignatureMode mode(String text) {
        return Arrays.stream(SignatureMode.values())
                .filter(mode -> mode.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException("signature must be one of "
                        + Arrays.toString(SignatureMode.values()).toLowerCase(Locale.ROOT)));
    }
}
