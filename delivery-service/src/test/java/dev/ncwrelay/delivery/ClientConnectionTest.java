package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.delivery.RunningDelivery.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that disconnect while their request is held. */
@Tag("kafka")
class ClientConnectionTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String MESSAGE = "NCW_DEVICE_MESSAGE";

    private static RunningDelivery delivery;

    private String device = "";

    @BeforeAll
    static void start() {
        // So that no wait times out during a test.
        delivery = RunningDelivery.start("relay.delivery.live.heartbeat=10m");
    }

    @AfterAll
    static void stop() {
        delivery.close();
    }

    @BeforeEach
    void newDevice() {
        delivery.awaitHeld(0);
        device = delivery.device();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/devices/%s/messages?timeout=20",
                "/api/devices/%s/transactions?poll=true",
                "/v1/devices/%s/messages?wait=50",
                "/v1/devices/%s/messages?wait=50&consumer=app",
                "/v1/devices/%s/stream",
                "/v1/devices/%s/stream?consumer=app"
            })
    void wait_ofAClosedOrResetConnection_ends(String path) throws IOException {
        double before = gone();
        held(path).close();
        awaitGone(before + 1);

        held(path).reset();

        awaitGone(before + 2);
    }

    @Test
    void webSocket_closedByTheClient_ends() throws IOException {
        double before = gone();
        try (var socket = RawConnection.open(delivery).upgrade("/v1/devices/" + device + "/ws")) {
            assertThat(socket.answer().status()).isEqualTo(101);
            socket.send(SlowConsumerTest.masked("{\"type\":\"hello\"}"));
            socket.awaitText("caught_up");
            delivery.awaitHeld(1);
        }

        awaitGone(before + 1);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(delivery.metric("relay.subscriptions.active"))
                        .isZero());
    }

    @Test
    void heldCall_ofAClosedConnection_endsAndTheCallContinues() throws IOException {
        double before = delivery.metric("relay.delivery.rpc.calls", "result", "client_gone");
        try (var call = RawConnection.open(delivery).post("/v1/devices/" + device + "/rpc", "{\"message\":\"{}\"}")) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(delivery.metric("relay.delivery.rpc.calls.active"))
                            .isEqualTo(1));
            call.halfClose();

            var answer = call.answer();

            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.headers()).containsKey("Location");
        }
        await().untilAsserted(() -> assertThat(delivery.metric("relay.delivery.rpc.calls", "result", "client_gone"))
                .isEqualTo(before + 1));
    }

    @Test
    void polls_ofDisconnectedClients_freeTheDeviceLimit() {
        for (int round = 0; round < 3; round++) {
            var dead = IntStream.range(0, 16)
                    .mapToObj(_ -> RawConnection.open(delivery).get("/v1/devices/" + device + "/messages?wait=50"))
                    .toList();
            delivery.awaitHeld(16);
            dead.forEach(RawConnection::close);
            delivery.awaitHeld(0);
        }

        assertThat(delivery.poll(device, "{\"wait\":0}").status()).isEqualTo(200);
    }

    @Test
    void compatPoll_ofADisconnectedClient_hidesNoMessage() throws IOException {
        for (int round = 0; round < 24; round++) {
            var dead = RawConnection.open(delivery).get("/api/devices/" + device + "/messages?timeout=20");
            delivery.awaitHeld(1);
            var id = "event-" + round;
            if (round % 2 == 0) {
                dead.close();
            } else {
                dead.reset();
            }
            // At once: the disconnect may not be detected yet.
            delivery.publish(device, id, MESSAGE, null, "{\"round\":" + round + "}");

            var handed = delivery.get("/api/devices/" + device + "/messages?timeout=20");

            assertThat(handed.json().path(0).path("message").asString())
                    .as("round %d", round)
                    .isEqualTo("{\"round\":" + round + "}");
            delivery.delete("/api/devices/" + device + "/messages/"
                    + handed.json().path(0).path("id").asString());
            delivery.awaitHeld(0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/devices/%s/messages?timeout=20",
                "/api/devices/%s/transactions?poll=true",
                "/v1/devices/%s/messages?wait=50"
            })
    void poll_ofAHalfClosedConnection_isAnsweredEmptyAtOnce(String path) throws IOException {
        try (var client = RawConnection.open(delivery).get(path.formatted(device))) {
            delivery.awaitHeld(1);

            client.halfClose();

            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).containsAnyOf("[]");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void pipelinedRequests_areAnsweredInOrder() throws IOException {
        delivery.publish(device, "event-1", "{}");
        try (var client = RawConnection.open(delivery)) {
            var quick = client.request("GET", "/v1/devices/" + device + "/messages?wait=0&after=earliest", "", "");
            var held = client.request("GET", "/v1/devices/" + device + "/messages?wait=50&after=latest", "", "");
            // The held request first and, in the same packet, a part of the next one.
            client.send(held + quick + quick.substring(0, 20));
            delivery.awaitHeld(1);
            client.send(quick.substring(20) + quick.repeat(3));

            delivery.publish(device, "event-2", "{}");

            assertThat(client.answer().body()).contains("event-2").doesNotContain("event-1");
            for (int one = 0; one < 5; one++) {
                assertThat(client.answer().body()).contains("event-1", "event-2");
            }
            client.get("/v1/devices/" + device + "/messages?wait=50&after=latest");
            delivery.awaitHeld(1);
        }
        delivery.awaitHeld(0);
    }

    @Test
    void client_thatPipelinesManyBytes_isAnswered() throws IOException {
        int requests = 200;
        try (var client = RawConnection.open(delivery)) {
            var held = client.request("GET", "/v1/devices/" + device + "/messages?wait=50&after=latest", "", "");
            var quick = client.request("GET", "/v1/devices/" + device + "/messages?wait=0&after=latest", "", "");
            client.send(held);
            delivery.awaitHeld(1);
            client.send(quick.repeat(requests));

            delivery.publish(device, "event-1", "{}");

            assertThat(client.answer().body()).contains("event-1");
            for (int one = 0; one < requests; one++) {
                assertThat(client.answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void clients_thatDisconnectDuringTheResponse_loseNoMessage() {
        var ids = IntStream.range(0, 200).mapToObj(one -> "event-" + one).toList();
        for (var id : ids) {
            var leaving = RawConnection.open(delivery).get("/v1/devices/" + device + "/messages?wait=50&after=latest");
            delivery.publish(device, id, "{}");
            leaving.close();
        }

        delivery.awaitHeld(0);
        assertThat(everything()).isEqualTo(ids);
    }

    private List<String> everything() {
        var got = new java.util.ArrayList<String>();
        Reply page = delivery.poll(device, "{\"after\":\"earliest\",\"limit\":100}");
        while (!page.ids().isEmpty()) {
            got.addAll(page.ids());
            page = delivery.poll(device, "{\"wait\":0,\"limit\":100,\"after\":\"" + page.next() + "\"}");
        }
        return got;
    }

    /** A connection whose request the server holds. */
    private RawConnection held(String path) throws IOException {
        var connection = RawConnection.open(delivery).get(path.formatted(device));
        if (path.contains("/stream")) {
            // Its first wait ends with this event. A client that disconnects before is noticed by the write.
            connection.awaitText("event: caught_up");
        }
        delivery.awaitHeld(1);
        return connection;
    }

    private static double gone() {
        return delivery.metric("relay.waits", "result", "client_gone");
    }

    private static void awaitGone(double count) {
        await().atMost(SOON).untilAsserted(() -> assertThat(gone()).isEqualTo(count));
        delivery.awaitHeld(0);
    }
}
