package dev.ncwrelay.local.demo;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The Fireblocks simulator, through its control API. */
final class Simulator {

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final Http http;
    private final String url;

    Simulator(Http http, String url) {
        this.http = http;
        this.url = url;
    }

    /** A bearer token for this subject. */
    String token(String subject, String scope) {
        var form = "subject=" + encoded(subject) + "&scope=" + encoded(scope);
        var headers = Map.of("Content-Type", "application/x-www-form-urlencoded");
        return http.post(url + "/oidc/token", headers, form)
                .json()
                .get("access_token")
                .asString();
    }

    /** The shell command that puts such a token into {@code $TOKEN}. */
    String tokenCommand(String form) {
        return "TOKEN=$(curl -s " + url + "/oidc/token " + form
                + " | sed 's/.*\"access_token\":\"\\([^\"]*\\).*/\\1/')";
    }

    /** The shell command for {@link #sendWebhook}. */
    String webhookCommand(String order) {
        return "curl " + url + "/simulator/webhooks -H 'Content-Type: application/json' -d '" + order + "'";
    }

    /** Signs a webhook and sends it to ingress-service. */
    Http.Reply sendWebhook(String order) {
        return http.post(url + "/simulator/webhooks", JSON, order);
    }

    /** Sets how the simulator answers calls that match the order. */
    void answer(String order) {
        var reply = http.post(url + "/simulator/answers", JSON, order);
        if (reply.status() != 204) {
            throw new IllegalStateException(
                    "the simulator rejected " + order + ": " + new String(reply.body(), StandardCharsets.UTF_8));
        }
    }

    /** The calls Fireblocks has received from a device, oldest first. */
    JsonNode calls(String deviceId) {
        return http.get(url + "/simulator/calls?deviceId=" + encoded(deviceId), Map.of())
                .json()
                .get("calls");
    }

    /** Whether it is Firebase Cloud Messaging too. */
    boolean hasPushes() {
        return http.get(url + "/simulator/health", Map.of()).json().has("fcm");
    }

    /** The push messages that were sent to this token, oldest first. */
    JsonNode pushes(String token) {
        return http.get(url + "/simulator/pushes?token=" + encoded(token), Map.of())
                .json()
                .get("pushes");
    }

    /** The shell command for {@link #pushes}. */
    String pushesCommand(String token) {
        return "curl '" + url + "/simulator/pushes?token=" + encoded(token) + "'";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
