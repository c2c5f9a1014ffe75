package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.samples.WebhookBody;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One user's app on one device, over HTTP, as an app is: it polls, acknowledges and calls. */
final class App {

    static final JsonMapper JSON = new JsonMapper();

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final Backend backend;
    private final String deviceId;
    private final String walletId = UUID.randomUUID().toString();
    private final String userId = "user-" + UUID.randomUUID();

    private App(Backend backend, String deviceId) {
        this.backend = backend;
        this.deviceId = deviceId;
    }

    static App register(Backend backend) {
        return register(backend, UUID.randomUUID().toString(), 201);
    }

    /** The same device registered for another user and wallet. */
    App handedOver() {
        return register(backend, deviceId, 200);
    }

    private static App register(Backend backend, String deviceId, int expectedStatus) {
        var app = new App(backend, deviceId);
        var token = backend.token("backend", "devices:write");
        var body = JSON.writeValueAsString(Map.of("walletId", app.walletId, "userId", app.userId));
        var request = HttpRequest.newBuilder(backend.delivery().resolve("/v1/devices/" + app.deviceId))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body));
        var status = send(request).join().statusCode();
        if (status == 503) {
            // It may have been stored: then its repetition is answered 200.
            assertThat(repeated(request).join().statusCode()).isIn(expectedStatus, 200);
        } else {
            assertThat(status).isEqualTo(expectedStatus);
        }
        return app;
    }

    String deviceId() {
        return deviceId;
    }

    String walletId() {
        return walletId;
    }

    String userId() {
        return userId;
    }

    /** A transaction webhook that reaches this app, recognisable by its transaction id. */
    WebhookBody transaction(String transactionId) {
        return WebhookBody.v2("transaction.status.updated")
                .id(UUID.randomUUID().toString())
                .walletId(walletId)
                .transactionId(transactionId);
    }

    /** Polls, and retries after each 503 as specified by its Retry-After. */
    CompletableFuture<HttpResponse<byte[]>> poll(String body) {
        return repeated(request("/v1/devices/" + deviceId + "/messages:poll").POST(BodyPublishers.ofString(body)));
    }

    private static CompletableFuture<HttpResponse<byte[]>> repeated(HttpRequest.Builder request) {
        return send(request)
                .thenCompose(answer -> answer.statusCode() == 503
                        ? CompletableFuture.supplyAsync(() -> request, after(answer))
                                .thenCompose(App::repeated)
                        : CompletableFuture.completedFuture(answer));
    }

    private static Executor after(HttpResponse<?> answer) {
        long seconds = answer.headers().firstValueAsLong("Retry-After").orElseThrow();
        return CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS);
    }

    /** Polls and acknowledges from the acknowledged position until so many messages have come; their data in order. */
    List<JsonNode> receive(int count) {
        return receive(count, "{\"wait\":20,\"limit\":100}");
    }

    /** The same from a cursor. */
    List<JsonNode> receiveAfter(String cursor, int count) {
        return receive(count, "{\"wait\":20,\"limit\":100,\"after\":\"" + cursor + "\"}");
    }

    /** The cursor after all that is there now. */
    String cursor() {
        return JSON.readTree(poll("{\"wait\":0,\"limit\":100}").join().body())
                .path("next")
                .asString();
    }

    /** The cursor at the end of the stream, once the device has room for a poll. */
    String latest() {
        var page = await().atMost(Duration.ofSeconds(20))
                .until(() -> poll("{\"wait\":0,\"after\":\"latest\"}").join(), answer -> answer.statusCode() == 200);
        return JSON.readTree(page.body()).path("next").asString();
    }

    /** The cursor after the next messages, without acknowledging them. */
    String cursorAfterNext() {
        var page = JSON.readTree(poll("{\"wait\":20}").join().body());
        assertThat(page.path("messages")).isNotEmpty();
        return page.path("next").asString();
    }

    /** Status of an acknowledgement up to a cursor, as the consumer of this name. */
    int acknowledge(String consumer, String cursor) {
        var body = JSON.writeValueAsString(Map.of("consumer", consumer, "ack", cursor));
        return send(request("/v1/devices/" + deviceId + "/acks").POST(BodyPublishers.ofString(body)))
                .join()
                .statusCode();
    }

    private List<JsonNode> receive(int count, String firstPoll) {
        var received = new ArrayList<JsonNode>();
        var body = firstPoll;
        while (received.size() < count) {
            var answer = poll(body).join();
            assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
            var page = JSON.readTree(answer.body());
            assertThat(page.path("messages"))
                    .as("nothing came for 20 s after " + received.size())
                    .isNotEmpty();
            page.path("messages").forEach(message -> received.add(message.path("data")));
            body = "{\"wait\":20,\"limit\":100,\"ack\":\"" + page.path("next").asString() + "\"}";
        }
        return received;
    }

    CompletableFuture<HttpResponse<byte[]>> rpc(String message) {
        return rpc(message, UUID.randomUUID().toString());
    }

    CompletableFuture<HttpResponse<byte[]>> rpc(String message, String requestId) {
        return send(request("/v1/devices/" + deviceId + "/rpc")
                .header("Request-Id", requestId)
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(Map.of("message", message)))));
    }

    /** A request to any path of delivery-service in this user's name. */
    HttpRequest.Builder request(String path) {
        return request(backend.delivery(), path);
    }

    /** The same to one of its nodes. */
    HttpRequest.Builder request(URI node, String path) {
        return HttpRequest.newBuilder(node.resolve(path))
                .header("Authorization", authorization())
                .header("Content-Type", "application/json");
    }

    /** A socket of this device that has said hello and nothing else. */
    WebSocket socket(HttpClient http) {
        var path = "/v1/devices/" + deviceId + "/ws";
        var socket = http.newWebSocketBuilder()
                .subprotocols("ncw.relay.v1+json")
                .header("Authorization", authorization())
                .buildAsync(URI.create("ws://" + backend.delivery().getAuthority() + path), new WebSocket.Listener() {})
                .join();
        socket.sendText("{\"type\":\"hello\",\"after\":\"latest\"}", true).join();
        return socket;
    }

    /** This user's token, as a header has it. */
    String authorization() {
        return "Bearer " + backend.token(userId, "");
    }

    static CompletableFuture<HttpResponse<byte[]>> send(HttpRequest.Builder request) {
        return HTTP.sendAsync(request.timeout(Duration.ofSeconds(90)).build(), BodyHandlers.ofByteArray());
    }

    static String text(HttpResponse<byte[]> response) {
        return response.statusCode() + " " + new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** A payload as the SDK emits it. */
    static String payload(String method) {
        return "{\"method\":\"" + method + "\",\"headers\":{\"sdkVersion\":\"12.5.6\",\"mpcVersion\":6,"
                + "\"physicalDeviceId\":\"" + UUID.randomUUID() + "\",\"platformType\":\"Web\"}}";
    }
}
