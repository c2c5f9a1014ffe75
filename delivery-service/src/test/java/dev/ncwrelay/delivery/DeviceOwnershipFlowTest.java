package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.delivery.RunningDelivery.Reply;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The end of an ownership: waits, connections and calls of the former owner end, and the new owner starts empty. */
@Tag("kafka")
class DeviceOwnershipFlowTest {

    private static final String FORMER = "former-owner";
    private static final String NEW = "new-owner";
    // Wallets of this test only: a wallet with devices of another tenant cannot be joined.
    private static final String WALLET = "wallet-" + UUID.randomUUID();
    private static final String OTHER_WALLET = "wallet-" + UUID.randomUUID();

    private static RunningDelivery delivery;
    private static FakeRpcService rpc;

    @BeforeAll
    static void start() throws Exception {
        rpc = FakeRpcService.start((rpc, request, _) -> answer(rpc, request));
        delivery = RunningDelivery.start("relay.delivery.auth.tenant-claim=org");
    }

    @AfterAll
    static void stop() {
        delivery.close();
        rpc.close();
    }

    @Test
    void heldPolls_ofTheFormerOwner_endWith403AtOnce() {
        var device = device();
        var v1 = send("POST", "/v1/devices/" + device + "/messages:poll", "{\"wait\":50}", FORMER);
        var v0 = send("GET", "/api/devices/" + device + "/messages?timeout=20", null, FORMER);
        var transactions = send("GET", "/api/devices/" + device + "/transactions?poll=true", null, FORMER);
        delivery.awaitHeld(3);

        register(device, NEW, WALLET);

        for (var poll : Stream.of(v1, v0, transactions).toList()) {
            var answer = poll.join();
            assertThat(answer.status()).as(answer.text()).isEqualTo(403);
            assertThat(answer.json().path("type").asString()).endsWith("foreign-device");
        }
    }

    @Test
    void streamsAndSockets_ofTheFormerOwner_end() {
        var device = device();
        var stream = delivery.client()
                .sendAsync(
                        delivery.request("GET", "/v1/devices/" + device + "/stream", null, delivery.token(FORMER))
                                .build(),
                        BodyHandlers.ofString());
        try (var socket = SocketClient.open(delivery, device, delivery.token(FORMER));
                var full = SocketClient.open(delivery, device, delivery.token(FORMER))) {
            socket.hello(null, null, Map.of());
            full.hello("full", null, Map.of("credit", 0));
            delivery.awaitHeld(3);

            register(device, NEW, WALLET);

            assertThat(stream.join().body()).contains("event: forbidden");
            await().untilAsserted(() -> {
                assertThat(socket.closeCode()).hasValue(4403);
                assertThat(full.closeCode()).hasValue(4403);
            });
        }
    }

    @Test
    void ticketOfTheFormerOwner_isNotValid() {
        var device = device();
        var ticket = send("POST", "/v1/devices/" + device + "/tickets", "", FORMER)
                .join()
                .json()
                .path("ticket")
                .asString();

        register(device, NEW, WALLET);

        var refused = delivery.exchange("GET", "/v1/devices/" + device + "/stream?ticket=" + ticket, null, null);
        assertThat(refused.status()).isEqualTo(403);
    }

    @Test
    void newOwner_receivesOnlyEventsOfItsOwnership() {
        // Given
        var device = device();
        delivery.publish(device, "before", transaction("tx-1", "COMPLETED"));
        var seen = poll(device, "{}", FORMER);
        assertThat(seen.ids()).containsExactly("before");
        assertThat(send("POST", "/v1/devices/" + device + "/acks", "{\"ack\":\"" + seen.next() + "\"}", FORMER)
                        .join()
                        .status())
                .isEqualTo(204);

        // When
        register(device, NEW, WALLET);

        // Then
        for (var after : Stream.of("", "\"after\":\"earliest\",", "\"after\":\"2020-01-01T00:00:00Z\",")
                .toList()) {
            assertThat(poll(device, "{" + after + "\"wait\":0}", NEW).ids())
                    .as(after)
                    .isEmpty();
        }
        assertThat(send("GET", "/api/devices/" + device + "/transactions", null, NEW)
                        .join()
                        .text())
                .isEqualTo("[]");
        assertThat(send("GET", "/api/devices/" + device + "/transactions/tx-1", null, NEW)
                        .join()
                        .status())
                .isEqualTo(404);
        for (var foreign : Stream.of(
                        send("POST", "/v1/devices/" + device + "/messages:poll", after(seen.next()), NEW),
                        send("POST", "/v1/devices/" + device + "/acks", "{\"ack\":\"" + seen.next() + "\"}", NEW))
                .map(CompletableFuture::join)
                .toList()) {
            assertThat(foreign.status()).isEqualTo(410);
            assertThat(foreign.json().path("reason").asString()).isEqualTo("foreign");
            var earliest = foreign.json().path("earliest").asString();
            assertThat(poll(device, after(earliest), NEW).ids()).isEmpty();
        }
        assertThat(send("POST", "/v1/devices/" + device + "/acks", "{\"ids\":[\"before\"]}", NEW)
                        .join()
                        .status())
                .isEqualTo(404);
        delivery.publish(device, "after", transaction("tx-2", "COMPLETED"));
        assertThat(poll(device, "{}", NEW).ids()).containsExactly("after");
        assertThat(send("GET", "/api/devices/" + device + "/transactions", null, NEW)
                        .join()
                        .text())
                .contains("tx-2")
                .doesNotContain("tx-1");
    }

    @Test
    void newOwner_doesNotReceiveLateEventsOfTheFormerWallet() {
        var device = device();
        register(device, NEW, OTHER_WALLET);

        // From an ingress with a stale replica.
        delivery.publish(device, "late", transaction("tx-late", "COMPLETED"));

        assertThat(poll(device, "{\"wait\":1}", NEW).ids()).isEmpty();
        assertThat(send("GET", "/api/devices/" + device + "/transactions", null, NEW)
                        .join()
                        .text())
                .isEqualTo("[]");
    }

    @Test
    void changedWalletOfTheSameUser_endsAHeldPollWith410() {
        var device = device();
        var held = send("POST", "/v1/devices/" + device + "/messages:poll", "{\"wait\":50}", FORMER);
        delivery.awaitHeld(1);

        register(device, FORMER, OTHER_WALLET);

        var answer = held.join();
        assertThat(answer.status()).isEqualTo(410);
        assertThat(answer.json().path("reason").asString()).isEqualTo("foreign");
    }

    @Test
    void repeatedRegistration_changesNothing() {
        // Given
        var device = device();
        delivery.publish(device, "one", "{}");
        var seen = poll(device, "{}", FORMER);
        var held = send(
                "POST",
                "/v1/devices/" + device + "/messages:poll",
                "{\"wait\":50,\"after\":\"" + seen.next() + "\"}",
                FORMER);
        delivery.awaitHeld(1);

        // When
        var again = register(device, FORMER, WALLET);
        delivery.publish(device, "two", "{}");

        // Then
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().has("epoch")).isFalse();
        assertThat(held.join().status()).isEqualTo(200);
        assertThat(held.join().ids()).containsExactly("two");
        assertThat(poll(device, "{\"wait\":0}", FORMER).ids()).containsExactly("one", "two");
    }

    @Test
    void inFlightCall_ofTheFormerOwner_endsWith403_andItsReplyIsNotVisibleToTheNewOwner() {
        // Given
        var device = device();
        call(device, "answered", "echo:\\\"of the former\\\"", FORMER).join();
        var running = call(device, "running", "silent", FORMER);
        var lookup = send("GET", "/v1/devices/" + device + "/rpc/running?wait=50", null, FORMER);
        await().untilAsserted(() ->
                assertThat(delivery.metric("relay.delivery.rpc.calls.active")).isEqualTo(1));

        // When
        register(device, NEW, WALLET);

        // Then
        assertThat(running.join().status()).isEqualTo(403);
        assertThat(lookup.join().status()).isEqualTo(403);
        await().untilAsserted(() ->
                assertThat(delivery.metric("relay.delivery.rpc.calls.active")).isZero());
        for (var id : Stream.of("answered", "running").toList()) {
            assertThat(send("GET", "/v1/devices/" + device + "/rpc/" + id, null, NEW)
                            .join()
                            .status())
                    .isEqualTo(404);
        }
        var own = call(device, "answered", "echo:\\\"of the new\\\"", NEW).join();
        assertThat(own.text()).isEqualTo("\"of the new\"");
        assertThat(own.header("Request-Id")).isEqualTo("answered");
    }

    @Test
    void tokenOfATenant_cannotChangeDevicesOfAnotherTenant() {
        // Given
        var device = device();

        // When
        var taking = put(device, FORMER, WALLET, null, "other");
        var creating = put("device-" + UUID.randomUUID(), FORMER, OTHER_WALLET, "tenant", "other");
        var joining = put("device-" + UUID.randomUUID(), FORMER, WALLET, null, "other");
        var unbound = put(device, FORMER, WALLET, null, null);

        // Then
        for (var refused : Stream.of(taking, creating, joining, unbound).toList()) {
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.json().path("type").asString()).endsWith("foreign-tenant");
        }
        assertThat(poll(device, "{\"wait\":0}", FORMER).status()).isEqualTo(200);
    }

    private static String device() {
        var device = "device-" + UUID.randomUUID();
        assertThat(register(device, FORMER, WALLET).status()).isEqualTo(201);
        delivery.inWallet(device, WALLET);
        return device;
    }

    private static Reply register(String device, String user, String wallet) {
        return put(device, user, wallet, null, "tenant");
    }

    private static Reply put(
            String device, String user, String wallet, @Nullable String tenant, @Nullable String tokensTenant) {
        var token = delivery.fireblocks().oidc().tokenFor("backend").scope("devices:write");
        var body = "{\"walletId\":\"" + wallet + "\",\"userId\":\"" + user + "\""
                + (tenant == null ? "" : ",\"tenant\":\"" + tenant + "\"") + "}";
        return delivery.exchange(
                "PUT",
                "/v1/devices/" + device,
                body,
                (tokensTenant == null ? token : token.claim("org", tokensTenant)).issue());
    }

    private static Reply poll(String device, String body, String user) {
        return send("POST", "/v1/devices/" + device + "/messages:poll", body, user)
                .join();
    }

    private static String after(String cursor) {
        return "{\"wait\":0,\"after\":\"" + cursor + "\"}";
    }

    private static CompletableFuture<Reply> call(String device, String id, String message, String user) {
        var request = delivery.request(
                        "POST",
                        "/v1/devices/" + device + "/rpc",
                        "{\"message\":\"" + message + "\"}",
                        delivery.token(user))
                .header("Request-Id", id);
        return delivery.send(request.build());
    }

    private static CompletableFuture<Reply> send(String method, String path, @Nullable String body, String user) {
        return delivery.send(
                delivery.request(method, path, body, delivery.token(user)).build());
    }

    private static String transaction(String id, String status) {
        return "{\"id\":\"" + id + "\",\"status\":\"" + status + "\",\"createdAt\":1000,\"lastUpdated\":2000}";
    }

    private static void answer(FakeRpcService rpc, RpcRequest request) {
        var payload = FakeRpcService.payload(request);
        if (payload.startsWith("echo:")) {
            rpc.reply(request, RpcOutcome.ANSWERED, 200, payload.substring("echo:".length()));
        }
    }
}
