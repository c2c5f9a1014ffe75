package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tickets for browsers, which cannot send a header with a stream or WebSocket. */
@Tag("kafka")
class TicketFlowTest {

    private final RunningDelivery delivery = RunningDelivery.shared();

    @Test
    void ticket_opensAStreamOnce() throws IOException, InterruptedException {
        var device = delivery.device();
        delivery.publish(device, "only", "{}");
        var path = "/v1/devices/" + device + "/stream?ticket=" + ticket(device);

        var stream =
                delivery.client().send(HttpRequest.newBuilder(uri("http", path)).build(), BodyHandlers.ofInputStream());
        try (var lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(stream.statusCode()).isEqualTo(200);
            // The stream may be caught up before the node has read the message from Kafka.
            assertThat(lines.lines().anyMatch(line -> line.startsWith("data: ") && line.contains("only")))
                    .isTrue();
        }

        var again = refused(path);
        assertThat(again.status()).isEqualTo(401);
        assertThat(again.json().path("type").asString()).endsWith("bad-ticket");
        assertThat(again.header("Content-Type")).startsWith("application/problem+json");
    }

    @Test
    void ticket_opensAWebSocket_thatEndsWithItsToken() {
        var device = delivery.device();
        var token = delivery.fireblocks()
                .oidc()
                .tokenFor(RunningDelivery.USER)
                .lifetime(Duration.ofSeconds(3))
                .issue();
        var ticket = delivery.exchange("POST", "/v1/devices/" + device + "/tickets", null, token)
                .json()
                .path("ticket")
                .asString();
        var closed = new CompletableFuture<Integer>();

        var socket = delivery.client()
                .newWebSocketBuilder()
                .subprotocols("ncw.relay.v1+json")
                .buildAsync(uri("ws", "/v1/devices/" + device + "/ws?ticket=" + ticket), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                        closed.complete(code);
                        return CompletableFuture.completedStage(null);
                    }
                })
                .join();

        socket.sendText("{\"type\":\"hello\"}", true).join();
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(closed).isCompletedWithValue(4401));
    }

    @Test
    void ticket_isIssuedToTheOwner_withItsExpiry() {
        var device = delivery.device();
        var path = "/v1/devices/" + device + "/tickets";

        var given = delivery.post(path, "");

        assertThat(given.status()).isEqualTo(200);
        assertThat(given.header("Cache-Control")).isEqualTo("no-store");
        assertThat(Instant.parse(given.json().path("expiresAt").asString()))
                .isBetween(Instant.now().minusSeconds(1), Instant.now().plusSeconds(30));
        assertThat(delivery.exchange("POST", path, null, delivery.token("somebody"))
                        .status())
                .isEqualTo(403);
        assertThat(delivery.exchange("POST", path, null, null).status()).isEqualTo(401);
    }

    @Test
    void ticket_isNotIssuedForATokenThatHasExpired_thoughItIsTolerated() {
        // Given: clocks may differ by a minute
        var device = delivery.device();
        var token = delivery.fireblocks()
                .oidc()
                .tokenFor(RunningDelivery.USER)
                .claim("iat", Instant.now().minusSeconds(60).getEpochSecond())
                .lifetime(Duration.ofSeconds(-10))
                .issue();
        var poll = delivery.exchange("GET", "/v1/devices/" + device + "/messages?wait=0", null, token);
        assertThat(poll.status()).isEqualTo(200);

        // When
        var refused = delivery.exchange("POST", "/v1/devices/" + device + "/tickets", null, token);

        // Then
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.json().path("type").asString()).isEqualTo("urn:ncw-relay:problem:unauthorized");
        assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
    }

    @Test
    void ticket_isValidForStreamsAndWebSocketsOnly() {
        var device = delivery.device();
        var other = delivery.device();
        var ticket = ticket(device);

        for (var path : new String[] {
            "/v1/devices/" + device + "/messages?ticket=" + ticket,
            "/v1/devices/" + device + "/stream/more?ticket=" + ticket,
            "/v1/devices/" + other + "/stream?ticket=" + ticket
        }) {
            assertThat(refused(path).status()).as(path).isEqualTo(401);
        }
        assertThat(delivery.exchange("POST", "/v1/devices/" + device + "/tickets?ticket=" + ticket, null, null)
                        .status())
                .isEqualTo(401);
    }

    /** A stream that is opened by mistake has no end to wait for. */
    private RunningDelivery.Reply refused(String path) {
        return delivery.send(delivery.request("GET", path, null, null).build())
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private String ticket(String device) {
        return delivery.post("/v1/devices/" + device + "/tickets", "")
                .json()
                .path("ticket")
                .asString();
    }

    private URI uri(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + delivery.port() + path);
    }
}
