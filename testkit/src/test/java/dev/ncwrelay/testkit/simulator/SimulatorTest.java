package dev.ncwrelay.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.http.Interruptions;
import dev.ncwrelay.testkit.http.LocalServer;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import dev.ncwrelay.testkit.invoke.ApiRole;
import dev.ncwrelay.testkit.invoke.ApiUser;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import dev.ncwrelay.testkit.invoke.InvokeClient;
import dev.ncwrelay.testkit.keys.Pem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The control API as a person with curl sees it, with a receiver of webhooks behind it. */
final class SimulatorTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Queue<Answer> ANSWERS = new ConcurrentLinkedQueue<>();
    private static final Queue<Received> RECEIVED = new ConcurrentLinkedQueue<>();
    private static final LocalServer RECEIVER = LocalServer.bind(0, new Interruptions(), (_, action) -> action.run());

    @TempDir
    private static Path credentials;

    private static Simulator simulator;
    private static InvokeClient client;

    @BeforeAll
    static void start() {
        RECEIVER.serve(List.of(Route.of("POST", "/hook", SimulatorTest::receive)), _ -> text(404));
        simulator = Simulator.start(settings("--retry-scale=0.0001", "--fcm-port=0", "--credentials=" + credentials));
        client = new InvokeClient(simulator.url(), ApiUser.keptIn(credentials, ApiRole.NCW_SIGNER));
    }

    @AfterAll
    static void stop() {
        simulator.close();
        RECEIVER.close();
    }

    @AfterEach
    void reset() throws Exception {
        RECEIVED.clear();
        ANSWERS.clear();
        send("DELETE", "/simulator/calls", "");
        send("DELETE", "/simulator/answers", "");
    }

    @Test
    void health_hasTheAddresses() throws Exception {
        var health = send("GET", "/simulator/health", "");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(json(health).at("/status").asString()).isEqualTo("UP");
        assertThat(json(health).at("/webhookTarget").asString()).isEqualTo(RECEIVER.url() + "/hook");
        assertThat(json(health).at("/issuer").asString()).isEqualTo(simulator.url() + "/oidc");
    }

    @Test
    void webhook_isBuiltFromTheOrderAndVerified() throws Exception {
        var answer = send("POST", "/simulator/webhooks", """
                {"type": "transaction.status.updated", "id": "e-1", "walletId": "w-1", "destinations": ["w-2", "w-3"],
                 "transactionId": "t-1", "status": "COMPLETED"}""");

        var request = RECEIVED.remove();
        var body = JsonMapper.shared().readTree(request.body().toArray());
        assertThat(body.at("/id").asString()).isEqualTo("e-1");
        assertThat(body.at("/data/source/walletId").asString()).isEqualTo("w-1");
        assertThat(body.at("/data/destinations/1/destination/walletId").asString())
                .isEqualTo("w-3");
        assertThat(body.at("/data/id").asString()).isEqualTo("t-1");
        assertThat(body.at("/data/status").asString()).isEqualTo("COMPLETED");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).at("/state").asString()).isEqualTo("COMPLETED");
        assertThat(json(answer).at("/status").asInt()).isEqualTo(200);
        assertThat(json(answer).at("/attempts/0/answer").asString()).isEqualTo("status 200");
        assertThat(json(answer).at("/body").asString()).isEqualTo(request.body().utf8());
        assertThat(verified(request)).isTrue();
    }

    @Test
    void wallet_isNew_unlessTheKeyWasUsedBefore() throws Exception {
        var first = json(HTTP.send(walletOf("key-1"), BodyHandlers.ofString()));
        var again = json(HTTP.send(walletOf("key-1"), BodyHandlers.ofString()));
        var other = json(send("POST", "/simulator/wallets", "{}"));

        assertThat(first.at("/enabled").asBoolean()).isTrue();
        assertThat(again).isEqualTo(first);
        assertThat(other.at("/walletId").asString())
                .isNotEqualTo(first.at("/walletId").asString());
    }

    @Test
    void latestBackup_isTheOneThatWasSet() throws Exception {
        var path = "/simulator/wallets/w-1/backup/latest";
        var backup = "{\"passphraseId\":\"p-1\",\"createdAt\":7,\"keys\":[{\"deviceId\":\"d-1\",\"publicKey\":\"02\","
                + "\"keyId\":\"k-1\",\"algorithm\":\"MPC_ECDSA_SECP256K1\"}]}";

        assertThat(send("GET", path, "").statusCode()).isEqualTo(404);
        assertThat(send("PUT", path, backup).statusCode()).isEqualTo(204);
        assertThat(send("GET", path, "").body()).isEqualTo(backup);
        assertProblem(send("PUT", path, "{\"unknown\":1}"), 400);
    }

    private static HttpRequest walletOf(String key) {
        return HttpRequest.newBuilder(URI.create(simulator.url() + "/simulator/wallets"))
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString("{}"))
                .build();
    }

    @Test
    void deviceMessage_carriesItsContent() throws Exception {
        send("POST", "/simulator/webhooks", """
                {"type": "NCW_DEVICE_MESSAGE", "form": "nested", "walletId": "w-1", "deviceId": "d-1",
                 "physicalDeviceId": "p-1", "data": {"a": [1, "é"]}, "signature": "legacy"}""");

        var request = RECEIVED.remove();
        var data = JsonMapper.shared().readTree(request.body().toArray()).at("/data");
        assertThat(data.at("/walletId").asString()).isEqualTo("w-1");
        assertThat(data.at("/deviceId").asString()).isEqualTo("d-1");
        assertThat(data.at("/physicalDeviceId").asString()).isEqualTo("p-1");
        assertThat(data.at("/data").toString()).isEqualTo("{\"a\":[1,\"é\"]}");
        assertThat(request.header("Fireblocks-Signature")).isPresent();
        assertThat(request.header("Fireblocks-Webhook-Signature")).isEmpty();
    }

    @Test
    void forgedWebhook_namesTheKeyThatDidNotSignIt() throws Exception {
        send("POST", "/simulator/webhooks", "{\"type\": \"embedded_wallet.created\", \"forged\": true}");

        assertThat(verified(RECEIVED.remove())).isFalse();
    }

    @Test
    void webhookOfADevice_replacesTheWholeData() throws Exception {
        send("POST", "/simulator/webhooks", "{\"type\": \"NCW_CREATED\", \"data\": {\"walletId\": \"w-9\"}}");

        var body = JsonMapper.shared().readTree(RECEIVED.remove().body().toArray());
        assertThat(body.at("/type").asString()).isEqualTo("NCW_CREATED");
        assertThat(body.at("/data").toString()).isEqualTo("{\"walletId\":\"w-9\"}");
    }

    @Test
    void rawWebhook_isSentByteForByte() throws Exception {
        var raw = "{ \"not\" : \"compact\", \"é\": 1e0 }\n";

        var answer = send("POST", "/simulator/webhooks/raw?signature=both", raw);

        var request = RECEIVED.remove();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(request.body()).isEqualTo(Bytes.utf8(raw));
        assertThat(request.header("Fireblocks-Signature")).isPresent();
        assertThat(verified(request)).isTrue();
    }

    @Test
    void failedWebhook_isRepeatedAndCanBeFollowed() throws Exception {
        ANSWERS.add(text(503));

        var answer = send("POST", "/simulator/webhooks", "{\"type\": \"embedded_wallet.created\"}");

        var path = "/simulator/webhooks/" + json(answer).at("/delivery").asInt();
        assertThat(json(answer).at("/attempts/0/status").asInt()).isEqualTo(503);
        await().untilAsserted(() ->
                assertThat(json(send("GET", path, "")).at("/state").asString()).isEqualTo("COMPLETED"));
        assertThat(json(send("GET", path, "")).at("/attempts").size()).isEqualTo(2);
        assertThat(RECEIVED)
                .hasSize(2)
                .allMatch(request -> request.body().equals(RECEIVED.element().body()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"type\": \"x\", \"wallet\": \"w\"}",
                "{\"type\": \"NCW_CREATED\", \"id\": \"e\"}",
                "{\"type\": \"embedded_wallet.created\", \"data\": 1}",
                "{\"type\": \"embedded_wallet.created\", \"signature\": \"none\"}"
            })
    void invalidWebhookRequest_isAnsweredWithAProblem(String request) throws Exception {
        assertProblem(send("POST", "/simulator/webhooks", request), 400);
        assertThat(RECEIVED).isEmpty();
    }

    @Test
    void wrongPaths_areAnsweredWithAProblem() throws Exception {
        assertProblem(send("GET", "/simulator/webhooks/9999", ""), 404);
        assertProblem(send("GET", "/simulator/webhooks/x", ""), 404);
        assertProblem(send("POST", "/simulator/webhooks/raw?signature=x", "{}"), 400);
        assertProblem(send("PUT", "/simulator/webhooks", "{}"), 404);
        assertProblem(send("GET", "/simulator/calls?limit=many", ""), 400);
        assertThat(send("PUT", "/v1/x", "").body()).contains("Cannot PUT /v1/x");
    }

    @Test
    void calls_areShownWithTheirAnswers() throws Exception {
        client.callWithHeaders(request -> request.header("Idempotency-Key", "r-1"));
        client.call("w-1", "d-2", "{\"method\":\"ping\"}");
        client.callWith(claims -> claims.claim("uri", "/other"));

        var all = json(send("GET", "/simulator/calls", ""));
        var ofDevice = json(send("GET", "/simulator/calls?deviceId=d-2&limit=5", ""));

        assertThat(all.at("/count").asInt()).isEqualTo(2);
        assertThat(all.at("/calls/0/idempotencyKey").asString()).isEqualTo("r-1");
        assertThat(all.at("/refused/0/code").asInt()).isEqualTo(-4);
        assertThat(ofDevice.at("/count").asInt()).isOne();
        assertThat(ofDevice.at("/calls/0/method").asString()).isEqualTo("ping");
        assertThat(ofDevice.at("/calls/0/payload").asString()).isEqualTo("{\"method\":\"ping\"}");
        assertThat(ofDevice.at("/calls/0/answer/sha256").asString())
                .isEqualTo(InvokeAnswer.echo("{\"method\":\"ping\"}").body().sha256());
    }

    @Test
    void answers_areGivenToTheNextCalls() throws Exception {
        setAnswer("{\"times\": 2, \"result\": {\"a\": \"é\"}}");
        setAnswer("{\"error\": {\"message\": \"Unexpected physicalDeviceId\", \"code\": -1}}");
        setAnswer("{\"status\": 429, \"headers\": {\"Retry-After\": \"3\"}, \"body\": \"slow down\"}");
        setAnswer("{\"bodyBase64\": \"" + Base64.getEncoder().encodeToString(new byte[] {1, -1}) + "\"}");
        setAnswer("{\"status\": 502}");
        setAnswer("{\"body\": \"trickled\", \"pieceBytes\": 3, \"pieceSeconds\": 0}");

        assertThat(text(client.call("w", "d", "{}"))).isEqualTo("{\"result\":{\"a\":\"é\"}}");
        assertThat(text(client.call("w", "d", "{}"))).isEqualTo("{\"result\":{\"a\":\"é\"}}");
        assertThat(text(client.call("w", "d", "{}")))
                .isEqualTo("{\"error\":{\"message\":\"Unexpected physicalDeviceId\",\"code\":-1}}");
        var limited = client.call("w", "d", "{}");
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValue("Retry-After")).hasValue("3");
        assertThat(text(limited)).isEqualTo("slow down");
        assertThat(client.call("w", "d", "{}").body()).containsExactly(1, -1);
        assertThat(client.call("w", "d", "{}").statusCode()).isEqualTo(502);
        assertThat(text(client.call("w", "d", "{}"))).isEqualTo("trickled");
        assertThat(Bytes.of(client.call("w", "d", "{}").body()))
                .isEqualTo(InvokeAnswer.echo("{}").body());
    }

    @Test
    void answers_canBeForAMethodOrADevice() throws Exception {
        setAnswer("{\"method\": \"poll_mpc_msg\", \"holdSeconds\": 3600}");
        setAnswer("{\"deviceId\": \"d-2\", \"result\": \"of the device\"}");

        var held = client.callAsync("w", "d-1", "{\"method\":\"poll_mpc_msg\"}");
        await().untilAsserted(() -> assertThat(json(send("GET", "/simulator/calls?deviceId=d-1", ""))
                        .at("/calls/0/answer/heldMillis")
                        .asLong())
                .isEqualTo(3_600_000));

        assertThat(text(client.call("w", "d-2", "{}"))).isEqualTo("{\"result\":\"of the device\"}");
        assertThat(client.call("w", "d-1", "{}").statusCode()).isEqualTo(200);
        assertThat(held).isNotDone();
        held.cancel(true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"cut\": \"reset\"}",
                "{\"cut\": \"close\"}",
                "{\"body\": \"0123\", \"truncateAfter\": 2}",
                "{\"truncateAfter\": 20, \"cut\": \"reset\"}"
            })
    void answers_canBeTruncated(String request) throws Exception {
        setAnswer(request);

        assertThatThrownBy(() -> client.call("w", "d", "{}")).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"result\": 1, \"body\": \"x\"}",
                "{\"times\": 0}",
                "{\"times\": 2, \"method\": \"m\"}",
                "{\"status\": 99}",
                "{\"holdSeconds\": -1}",
                "{\"bodyBase64\": \"?\"}",
                "{\"body\": \"x\", \"truncateAfter\": 1}",
                "{\"body\": \"x\", \"pieceBytes\": 0}",
                "{\"pieceBytes\": 1, \"truncateAfter\": 1}",
                "{\"hold\": 1}"
            })
    void invalidAnswerRequest_isAnsweredWithAProblem(String request) throws Exception {
        assertProblem(send("POST", "/simulator/answers", request), 400);
    }

    @Test
    void keys_areRotatedAndWithdrawn() throws Exception {
        var before = json(send("GET", "/simulator/keys", "")).at("/signing").asString();

        var rotated = json(send("POST", "/simulator/keys", ""));
        assertThat(rotated.at("/signing").asString()).isNotEqualTo(before);
        assertThat(rotated.at("/published").toString()).contains(before);

        var withdrawn = json(send("DELETE", "/simulator/keys/" + before, ""));
        assertThat(withdrawn.at("/published").toString()).doesNotContain(before);
        assertProblem(send("DELETE", "/simulator/keys/" + before, ""), 404);
    }

    @Test
    void jwks_failsOnRequest() throws Exception {
        send("POST", "/simulator/jwks", "{\"mode\": \"fail\", \"status\": 500}");
        assertThat(send("GET", "/.well-known/jwks.json", "").statusCode()).isEqualTo(500);

        send("POST", "/simulator/jwks", "{\"mode\": \"serve\"}");
        assertThat(send("GET", "/.well-known/jwks.json", "").statusCode()).isEqualTo(200);

        assertProblem(send("POST", "/simulator/jwks", "{}"), 400);
        assertProblem(send("POST", "/simulator/jwks", "{\"mode\": \"fail\", \"status\": 7}"), 400);
    }

    @Test
    void jwks_stallsUntilRecovery() throws Exception {
        send("POST", "/simulator/jwks", "{\"mode\": \"stall\"}");
        var stalled = HTTP.sendAsync(request("GET", "/.well-known/jwks.json", ""), BodyHandlers.ofString());
        assertThat(send("GET", "/simulator/health", "").statusCode()).isEqualTo(200);
        assertThat(stalled).isNotDone();

        send("POST", "/simulator/jwks", "{\"mode\": \"serve\"}");

        assertThat(stalled).succeedsWithin(Duration.ofMinutes(1));
    }

    @Test
    void restart_keepsTheApiUserAndWritesTheLegacyKey() throws Exception {
        try (var second = Simulator.start(settings("--signature=both", "--credentials=" + credentials))) {
            var same = new InvokeClient(second.url(), ApiUser.keptIn(credentials, ApiRole.NCW_SIGNER));

            assertThat(same.call("w", "d", "{}").statusCode()).isEqualTo(200);
            assertThat(Pem.parsePublicKey(Files.readString(credentials.resolve("legacy-webhook-key.pem"))))
                    .isNotNull();
        }
    }

    @Test
    void registeredUser_isAcceptedWithItsOwnKey(@TempDir Path folder) throws Exception {
        var user = ApiUser.generate(ApiRole.NCW_SIGNER);
        var pem = folder.resolve("public.pem");
        Files.writeString(pem, Pem.publicKey(user.key().publicKey()));

        try (var second = Simulator.start(settings("--api-key=" + user.apiKey(), "--api-public-key=" + pem))) {
            assertThat(new InvokeClient(second.url(), user).call("w", "d", "{}").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void readme_hasValidOrders() throws Exception {
        var commands = Pattern.compile(
                        "^curl (?:-X (\\w+) )?\"?\\$S(/[^\\s\"]+)\"?(?: -d '([^']*)')?$", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .toList();
        assertThat(commands).hasSizeGreaterThan(15);

        for (var command : commands) {
            var method = command.group(1) != null ? command.group(1) : command.group(3) != null ? "POST" : "GET";
            var body = command.group(3) == null ? "" : command.group(3);
            var response = send(method, command.group(2), body);
            assertThat(response.statusCode())
                    .as(command.group() + "\n" + response.body())
                    .isBetween(200, 299);
        }
    }

    @Test
    void readme_namesEverySettingAndMember() throws Exception {
        var readme = Files.readString(Path.of("README.md"));

        assertThatThrownBy(() -> settings("--x"))
                .satisfies(unknown -> Pattern.compile("--([a-z-]{2,})")
                        .matcher(String.valueOf(unknown.getMessage()))
                        .results()
                        .map(option -> "`SIMULATOR_"
                                + option.group(1).toUpperCase(Locale.ROOT).replace('-', '_') + "`")
                        .forEach(variable -> assertThat(readme).contains(variable)));
        for (var type : List.of(SendWebhookRequest.class, SetAnswerRequest.class)) {
            for (var member : type.getRecordComponents()) {
                assertThat(readme).contains("`" + member.getName() + "`");
            }
        }
    }

    private static SimulatorSettings settings(String... arguments) {
        var environment = Map.of("SIMULATOR_PORT", "0", "SIMULATOR_WEBHOOK_TARGET", RECEIVER.url() + "/hook");
        return SimulatorSettings.read(environment, arguments);
    }

    private static Answer receive(Received request) {
        RECEIVED.add(request);
        var answer = ANSWERS.poll();
        return answer == null ? text(200) : answer;
    }

    private static Answer text(int status) {
        return Answer.reply(status, "text/plain", Bytes.utf8("status " + status));
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static boolean verified(Received request) throws Exception {
        var signature = request.header("Fireblocks-Webhook-Signature").orElseThrow();
        var jws = JWSObject.parse(signature, new Payload(request.body().toArray()));
        var keys = JWKSet.parse(send("GET", "/.well-known/jwks.json", "").body());
        var key = keys.getKeyByKeyId(jws.getHeader().getKeyID()).toRSAKey();
        return jws.verify(new RSASSAVerifier(key));
    }

    private static void setAnswer(String request) throws Exception {
        assertThat(send("POST", "/simulator/answers", request).statusCode()).isEqualTo(204);
    }

    private static void assertProblem(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.body()).doesNotContain("dev.ncwrelay");
        assertThat(json(response).at("/type").asString()).startsWith("urn:ncw-relay:problem:");
        assertThat(json(response).at("/status").asInt()).isEqualTo(status);
        assertThat(json(response).at("/detail").asString()).isNotEmpty();
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }

    private static HttpResponse<String> send(String method, String path, String body) throws Exception {
        return HTTP.send(request(method, path, body), BodyHandlers.ofString());
    }

    private static HttpRequest request(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create(simulator.url() + path))
                .method(method, BodyPublishers.ofString(body))
                .build();
    }
}
