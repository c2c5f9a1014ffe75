package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketContractTest extends DeliveryContract {

    @Override
    StreamClient connect(RunningDelivery service, String device, @Nullable String consumer, @Nullable String after) {
        return SocketClient.open(service, device, service.token(RunningDelivery.USER))
                .hello(consumer, after, Map.of());
    }

    @Override
    String farewell() {
        return "reconnect";
    }

    @Test
    void hello_isAnsweredWithWelcome_andTheStreamCatchesUp() {
        var device = delivery().device();
        var ids = publish(device, 0, 2);
        try (var client = open(device).hello("phone", null, Map.of("window", 5))) {
            await().until(client::isCaughtUp);

            assertThat(client.ids()).isEqualTo(ids);
            var welcome = client.said("welcome").getFirst();
            assertThat(welcome.path("consumer").asString()).isEqualTo("phone");
            assertThat(welcome.path("window").asInt()).isEqualTo(5);
        }
    }

    @Test
    void window_limitsUnacknowledgedMessages() {
        var device = delivery().device();
        var ids = publish(device, 0, 12);
        try (var client = open(device).hello(null, null, Map.of("window", 4))) {
            received(client, ids.subList(0, 4));
            await().during(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(client.ids()).hasSize(4));

            client.say("{\"type\":\"ack\",\"ack\":\""
                    + client.messages().get(2).path("cursor").asString() + "\"}");

            received(client, ids.subList(0, 7));
            assertThat(client.said("acked")).hasSize(1);
        }
        try (var client = open(device).hello(null, null, Map.of())) {
            received(client, ids.subList(3, 12));
        }
    }

    @Test
    void credit_limitsMessages() {
        var device = delivery().device();
        var ids = publish(device, 0, 9);
        try (var client = open(device).hello(null, null, Map.of("credit", 2))) {
            received(client, ids.subList(0, 2));
            client.say("{\"type\":\"credit\",\"n\":5}");
            received(client, ids.subList(0, 7));
            await().during(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(client.ids()).hasSize(7));
        }
    }

    /** RFC 6455 section 5.5.2: by it a client finds out that the connection lives. */
    @Test
    void ping_isAnswered() {
        try (var client = open(delivery().device()).hello(null, "latest", Map.of())) {
            client.ping();

            await().until(client::isPonged);
        }
    }

    @Test
    void fragmentedMessage_isAssembled() {
        var device = delivery().device();
        publish(device, 0, 1);
        try (var client = open(device).hello(null, null, Map.of())) {
            await().until(() -> client.messages().size() == 1);
            var cursor = client.messages().getFirst().path("cursor").asString();

            client.sayPart("{\"type\":\"a")
                    .sayPart("ck\",\"ack\":\"")
                    .sayPart(cursor)
                    .say("\"}");

            await().untilAsserted(() -> assertThat(client.said("acked")).hasSize(1));
        }
    }

    @Test
    void tooLargeMessage_closesTheConnection() {
        try (var client = open(delivery().device()).hello(null, "latest", Map.of())) {
            var megabyte = "x".repeat(1 << 20);
            client.sayPart("{\"type\":\"rpc\",\"id\":\"a\",\"message\":\"");
            for (int one = 0; one < 4; one++) {
                client.sayPart(megabyte);
            }

            await().untilAsserted(() -> assertThat(client.closeCode()).contains(4400));
            assertThat(client.said("error").getFirst().path("problem").asString())
                    .isEqualTo("urn:ncw-relay:problem:body-too-large");
            await().untilAsserted(() ->
                    assertThat(delivery().metric("relay.delivery.bodies.bytes")).isZero());
        }
    }

    @Test
    void expiredToken_closesTheConnection_unlessRenewed() {
        var device = delivery().device();
        var issuer = delivery().fireblocks().oidc();
        try (var renewed = SocketClient.open(delivery(), device, shortToken());
                var expired = SocketClient.open(delivery(), device, shortToken())) {
            renewed.hello(null, "latest", Map.of());
            expired.hello(null, "latest", Map.of());
            renewed.say("{\"type\":\"token\",\"token\":\"" + issuer.token(RunningDelivery.USER) + "\"}");

            await().untilAsserted(() -> assertThat(expired.closeCode()).contains(4401));
            delivery().publish(device, "still here", "{}");
            received(renewed, java.util.List.of("still here"));
        }
    }

    @Test
    void tokenOfAnotherUser_closesTheConnection() {
        try (var client = open(delivery().device()).hello(null, "latest", Map.of())) {
            client.say("{\"type\":\"token\",\"token\":\"" + delivery().token("somebody") + "\"}");

            await().untilAsserted(() -> assertThat(client.closeCode()).contains(4403));
        }
    }

    @Test
    void invalidToken_closesTheConnection() {
        try (var client = open(delivery().device()).hello(null, "latest", Map.of())) {
            client.say("{\"type\":\"token\",\"token\":\"junk\"}");

            await().untilAsserted(() -> assertThat(client.closeCode()).contains(4401));
        }
    }

    @Test
    void acknowledgement_beforeTheHello_isRejected() {
        var device = delivery().device();
        var ids = publish(device, 0, 3);
        String cursor;
        try (var client = open(device).hello(null, null, Map.of())) {
            received(client, ids);
            cursor = client.cursor();
        }

        try (var client = open(device).say("{\"type\":\"ack\",\"ack\":\"" + cursor + "\"}")) {
            await().untilAsserted(() -> assertThat(client.closeCode()).contains(4400));
        }

        try (var client = connect(device, null, null)) {
            received(client, ids);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "{\"type\":\"unheard\"}",
                "{\"type\":\"ack\",\"ack\":\"any\"}",
                "{\"type\":\"token\",\"token\":\"any\"}",
                "{\"type\":\"credit\",\"n\":1}",
                "{\"type\":\"rpc\",\"id\":\"a\"}",
                "{\"type\":\"hello\",\"consumer\":\"not a name\"}",
                "{\"type\":\"hello\",\"after\":\"1:2\"}",
                "{\"type\":\"hello\",\"more\":1}"
            })
    void invalidMessage_isReportedAndClosesTheConnection(String word) {
        try (var client = open(delivery().device()).say(word)) {
            await().untilAsserted(() -> assertThat(client.closeCode()).contains(4400));

            assertThat(client.said("error").getFirst().path("detail").asString())
                    .containsAnyOf("expected", "must be");
        }
    }

    @Test
    void rejectedHandshake_hasTheRightStatus() {
        var device = delivery().device();
        var user = delivery().token(RunningDelivery.USER);

        assertThat(refusal("nobody", user, "ncw.relay.v1+json")).isEqualTo(404);
        assertThat(refusal(device, delivery().token("somebody"), "ncw.relay.v1+json"))
                .isEqualTo(403);
        assertThat(refusal(device, "junk", "ncw.relay.v1+json")).isEqualTo(401);
        assertThat(refusal(device, user, "other")).isEqualTo(400);
    }

    private SocketClient open(String device) {
        return SocketClient.open(delivery(), device, delivery().token(RunningDelivery.USER));
    }

    private String shortToken() {
        return delivery()
                .fireblocks()
                .oidc()
                .tokenFor(RunningDelivery.USER)
                .lifetime(Duration.ofSeconds(3))
                .issue();
    }

    private int refusal(String device, String token, String protocol) {
        var refused = new int[1];
        assertThatThrownBy(() -> delivery()
                        .client()
                        .newWebSocketBuilder()
                        .subprotocols(protocol)
                        .header("Authorization", "Bearer " + token)
                        .buildAsync(
                                URI.create("ws://127.0.0.1:" + delivery().port() + "/v1/devices/" + device + "/ws"),
                                new WebSocket.Listener() {})
                        .join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        failure -> refused[0] = failure.getResponse().statusCode());
        return refused[0];
    }
}
