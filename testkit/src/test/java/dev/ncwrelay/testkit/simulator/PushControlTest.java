package dev.ncwrelay.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.keys.Jws;
import dev.ncwrelay.testkit.keys.Pem;
import dev.ncwrelay.testkit.keys.RsaAlgorithm;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Push messages, from the service account's file that the simulator writes to the list of what was sent. */
final class PushControlTest {

    @TempDir
    private Path credentials;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void push_isListedByItsToken_untilItIsForgotten() throws Exception {
        try (var simulator = Simulator.start(settings("--fcm-port=0", "--credentials=" + credentials))) {
            var pushes = simulator.url() + "/simulator/pushes";
            var account = JsonMapper.shared().readTree(Files.readString(credentials.resolve("fcm.json")));
            var fcm =
                    json(get(simulator.url() + "/simulator/health")).path("fcm").asString();
            assertThat(account.path("token_uri").asString()).isEqualTo(fcm + "/token");

            var accepted = post(
                    fcm + "/v1/projects/ncw-relay/messages:send",
                    "application/json",
                    "Bearer " + accessToken(account),
                    "{\"message\":{\"token\":\"token-1\",\"data\":{\"relay\":\"1\"}}}");

            assertThat(accepted.statusCode()).isEqualTo(200);
            var listed = json(get(pushes + "?token=token-1"));
            assertThat(listed.path("count").asInt()).isOne();
            assertThat(listed.at("/pushes/0/accepted").asBoolean()).isTrue();
            assertThat(listed.at("/pushes/0/message").toString())
                    .isEqualTo("{\"token\":\"token-1\",\"data\":{\"relay\":\"1\"}}");
            assertThat(json(get(pushes + "?token=token-2")).path("count").asInt())
                    .isZero();

            http.send(HttpRequest.newBuilder(URI.create(pushes)).DELETE().build(), BodyHandlers.discarding());
            assertThat(json(get(pushes)).path("count").asInt()).isZero();
        }
    }

    @Test
    void simulatorWithoutAPortForPushes_hasNone() throws Exception {
        try (var simulator = Simulator.start(settings())) {
            assertThat(get(simulator.url() + "/simulator/pushes").statusCode()).isEqualTo(404);
            assertThat(json(get(simulator.url() + "/simulator/health")).has("fcm"))
                    .isFalse();
        }
    }

    private String accessToken(JsonNode account) throws Exception {
        var key = Pem.parsePrivateKey(
                account.path("private_key_id").asString(),
                account.path("private_key").asString());
        long now = Instant.now().getEpochSecond();
        var assertion = Jws.token(
                key,
                RsaAlgorithm.RS256,
                Map.of(
                        "iss",
                        account.path("client_email").asString(),
                        "aud",
                        "https://oauth2.googleapis.com/token",
                        "scope",
                        "https://www.googleapis.com/auth/firebase.messaging",
                        "iat",
                        now,
                        "exp",
                        now + 3_600));
        var form = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + assertion;
        var answer = post(account.path("token_uri").asString(), "application/x-www-form-urlencoded", "none", form);
        return json(answer).path("access_token").asString();
    }

    private HttpResponse<String> get(String url) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String url, String type, String authorization, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", type)
                .header("Authorization", authorization)
                .POST(BodyPublishers.ofString(body));
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static SimulatorSettings settings(String... arguments) {
        return SimulatorSettings.read(Map.of("SIMULATOR_PORT", "0"), arguments);
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }
}
