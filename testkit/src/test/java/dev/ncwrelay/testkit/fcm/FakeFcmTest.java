package dev.ncwrelay.testkit.fcm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.testkit.keys.Jws;
import dev.ncwrelay.testkit.keys.Pem;
import dev.ncwrelay.testkit.keys.RsaAlgorithm;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The fake, as a client without any of Google's libraries uses it. */
class FakeFcmTest {

    private static final String MESSAGE = """
            {"message":{"token":"token-1","data":{"a":"b"},"android":{"collapse_key":"k","priority":"high","ttl":"60s"},
            "apns":{"headers":{"apns-push-type":"background","apns-priority":"5","apns-expiration":"1","apns-collapse-id":"k"},
            "payload":{"aps":{"content-available":1}}},
            "webpush":{"headers":{"TTL":"60","Urgency":"high","Topic":"k"}}}}""";

    private static final FakeFcm fcm = FakeFcm.start();
    private static final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void forget() {
        fcm.recover();
        fcm.forget();
    }

    @AfterAll
    static void stop() {
        http.close();
        fcm.close();
    }

    @Test
    void message_isAcceptedAndKept() throws Exception {
        var response = send(FakeFcm.PROJECT, accessToken(), MESSAGE);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).path("name").asString()).startsWith("projects/ncw-relay/messages/");
        assertThat(fcm.accepted("token-1")).singleElement().satisfies(message -> {
            assertThat(message.data()).isEqualTo(Map.of("a", "b"));
            assertThat(message.body().utf8()).isEqualTo(MESSAGE);
        });
    }

    @Test
    void accountInAFile_isKnownAfterARestart(@TempDir Path folder) throws Exception {
        var file = folder.resolve("account.json");
        String before;
        try (var first = FakeFcm.start("127.0.0.1", 0, file)) {
            before = Files.readString(file);
            assertThat(before).isEqualTo(first.credentials());
        }
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

        try (var second = FakeFcm.start("127.0.0.1", 0, file)) {
            var moved = before.replaceAll("http://127.0.0.1:\\d+", second.url().toString());
            assertThat(Files.readString(file)).isEqualTo(moved);
            assertThat(exchange(moved, Map.of()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void fileOfSomethingElse_isRefusedWithoutItsContent(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("account.json"), "{\"private_key\":\"sesame\"}");

        assertThatThrownBy(() -> FakeFcm.start("127.0.0.1", 0, file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file + " must be the file of a service account")
                .hasMessageNotContaining("sesame");
    }

    @ParameterizedTest
    @EnumSource
    void error_isAnsweredInGooglesForm(FcmError error) throws Exception {
        fcm.answer("token-1", error.answer().header("Retry-After", "3"));

        var response = send(FakeFcm.PROJECT, accessToken(), MESSAGE);

        var details = json(response).path("error").path("details").path(0);
        assertThat(details.path("@type").asString()).isEqualTo("type.googleapis.com/google.firebase.fcm.v1.FcmError");
        assertThat(details.path("errorCode").asString()).isEqualTo(error.name());
        assertThat(json(response).path("error").path("code").asInt()).isEqualTo(response.statusCode());
        assertThat(response.headers().firstValue("Retry-After")).hasValue("3");
        assertThat(fcm.messages())
                .singleElement()
                .satisfies(message -> assertThat(message.accepted()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no JSON",
                "{}",
                "{\"message\":{\"data\":{\"a\":\"b\"}}}",
                "{\"message\":{\"token\":\"t\",\"data\":{\"a\":1}}}",
                "{\"message\":{\"token\":\"t\",\"data\":{\"google.a\":\"b\"}}}",
                "{\"message\":{\"token\":\"t\",\"data\":{},\"notification\":{\"title\":\"x\"}}}",
                "{\"message\":{\"token\":\"t\",\"data\":{},\"android\":{\"priority\":\"urgent\"}}}",
                "{\"message\":{\"token\":\"t\",\"data\":{},\"android\":{\"ttl\":\"60\"}}}",
                "{\"message\":{\"token\":\"t\",\"data\":{},\"android\":{\"ttl\":\"2419201s\"}}}",
                "{\"message\":{\"token\":\"t\",\"data\":{},\"webpush\":{\"headers\":{\"Topic\":\"not valid\"}}}}",
                "{\"message\":{\"token\":\"t\",\"data\":{},\"apns\":{\"headers\":{\"apns-priority\":\"10\"},"
                        + "\"payload\":{\"aps\":{\"content-available\":1}}}}}",
                "{\"message\":{\"token\":\"t\",\"data\":{},\"apns\":{\"headers\":{},\"payload\":{\"aps\":{\"alert\":\"x\"}}}}}"
            })
    void otherForm_isAnInvalidArgument(String body) throws Exception {
        var response = send(FakeFcm.PROJECT, accessToken(), body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).path("error").path("status").asString()).isEqualTo("INVALID_ARGUMENT");
        assertThat(fcm.messages()).isEmpty();
    }

    @Test
    void moreThan4096BytesOfData_areAnInvalidArgument() throws Exception {
        var most = "x".repeat(4_096 - "a".length());
        var body = "{\"message\":{\"token\":\"t\",\"data\":{\"a\":\"%s\"}}}";

        assertThat(send(FakeFcm.PROJECT, accessToken(), body.formatted(most)).statusCode())
                .isEqualTo(200);
        assertThat(send(FakeFcm.PROJECT, accessToken(), body.formatted(most + "x"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void otherAccessTokenOrProject_isRefused() throws Exception {
        assertThat(send(FakeFcm.PROJECT, "other", MESSAGE).statusCode()).isEqualTo(401);
        assertThat(send("other", accessToken(), MESSAGE).statusCode()).isEqualTo(403);
    }

    @Test
    void assertion_ofAnotherKey_anotherScopeOrAnotherAudience_isRefused() throws Exception {
        assertThat(exchange(fcm.foreignCredentials(), Map.of()).statusCode()).isEqualTo(400);
        assertThat(exchange(fcm.credentials(), Map.of("scope", "https://www.googleapis.com/auth/cloud-platform"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(exchange(fcm.credentials(), Map.of("aud", "https://example.com/token"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(exchange(fcm.credentials(), Map.of("iss", "other")).statusCode())
                .isEqualTo(400);
    }

    @Test
    void refusedCredentials_endTheAccessTokens_untilTheyRecover() throws Exception {
        var token = accessToken();

        fcm.refuseCredentials();

        assertThat(send(FakeFcm.PROJECT, token, MESSAGE).statusCode()).isEqualTo(401);
        assertThat(json(exchange(fcm.credentials(), Map.of())).path("error").asString())
                .isEqualTo("invalid_grant");
        fcm.recover();
        assertThat(send(FakeFcm.PROJECT, accessToken(), MESSAGE).statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> send(String project, String token, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(fcm.url() + "/v1/projects/" + project + "/messages:send"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json; charset=UTF-8")
                .POST(BodyPublishers.ofString(body));
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static String accessToken() throws IOException, InterruptedException {
        return json(exchange(fcm.credentials(), Map.of())).path("access_token").asString();
    }

    private static HttpResponse<String> exchange(String credentials, Map<String, String> changes)
            throws IOException, InterruptedException {
        var file = JsonMapper.shared().readTree(credentials);
        var key = Pem.parsePrivateKey(
                file.path("private_key_id").asString(), file.path("private_key").asString());
        long now = Instant.now().getEpochSecond();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", file.path("client_email").asString());
        claims.put("aud", "https://oauth2.googleapis.com/token");
        claims.put("scope", "https://www.googleapis.com/auth/firebase.messaging");
        claims.put("iat", now);
        claims.put("exp", now + 3_600);
        claims.putAll(changes);
        var form =
                "grant_type=" + URLEncoder.encode("urn:ietf:params:oauth:grant-type:jwt-bearer", StandardCharsets.UTF_8)
                        + "&assertion=" + Jws.token(key, RsaAlgorithm.RS256, claims);
        var request = HttpRequest.newBuilder(URI.create(file.path("token_uri").asString()))
                .POST(BodyPublishers.ofString(form));
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }
}
