package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.keys.SigningKey;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Hostile clients, one kind at a time, against the running services; SECURITY.md lists what each shows. */
class AttackIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MIB = 1 << 20;

    private final RunningStack stack = RunningStack.get();

    @Test
    void slowBodies_doNotKeepWebhooksFromIngress() throws Exception {
        // Given
        var app = stack.newApp();
        var unsigned = webhookHead(1_000, Map.of()) + "{";
        var forged = webhookHead(1_000, forgedSignature(new byte[1_000])) + "{";

        // When
        var slow = IntStream.range(0, 2_000)
                .mapToObj(number -> RawConnection.open(stack.ingress()).send(number % 2 == 0 ? unsigned : forged))
                .toList();

        // Then
        assertServed(app);
        slow.forEach(RawConnection::close);
    }

    @Test
    void largeForgedBodies_areRefusedAndDoNotExhaustIngress() throws Exception {
        // Given
        var app = stack.newApp();
        var body = new byte[5 * MIB];
        var head = webhookHead(body.length, forgedSignature(body)).getBytes(StandardCharsets.US_ASCII);

        // When
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = Stream.generate(() -> threads.submit(() -> {
                        try (var connection = RawConnection.open(stack.ingress())) {
                            return connection.send(head).send(body).status(Duration.ofSeconds(60));
                        }
                    }))
                    .limit(200)
                    .toList();
            assertServed(app);

            // Then: 401 after the check, 503 where there was no room; 0 where the refusal was lost with the connection
            assertThat(answers).allSatisfy(answer -> assertThat(answer.get()).isIn(401, 503, 0));
        }
        assertServed(app);
    }

    @Test
    void silentConnectionsAndSlowHeads_doNotKeepOthersFromIngress() throws Exception {
        // Given: more connections than are taken at a time, each replaced when it is closed
        var app = stack.newApp();
        var attack = new AtomicBoolean(true);

        // When
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = new CountDownLatch(6_500);
            for (int each = 0; each < 6_500; each++) {
                boolean isSilent = each % 2 == 0;
                threads.execute(() -> {
                    while (attack.get()) {
                        try (var connection = RawConnection.open(stack.ingress())) {
                            first.countDown();
                            connection.send(isSilent ? "" : "POST / HTTP/1.1\r\nX: ");
                            while (attack.get() && !connection.isClosedWithin(Duration.ofSeconds(1))) {
                                connection.send(isSilent ? "" : "x");
                            }
                        } catch (UncheckedIOException noPlace) {
                            // Tries again.
                        }
                    }
                });
            }
            assertThat(first.await(60, TimeUnit.SECONDS)).isTrue();

            // Then
            assertServed(app);
            attack.set(false);
        }
        // A sender that had kept a connection for its next webhook may find it closed until then.
        assertServed(app);
    }

    @Test
    void slowBodies_doNotKeepRequestsFromDelivery() throws Exception {
        var app = stack.newApp();
        var head = "POST /v1/devices/" + app.deviceId() + "/messages:poll HTTP/1.1\r\nHost: x\r\nAuthorization: "
                + app.authorization() + "\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{";

        var slow = Stream.generate(() -> RawConnection.open(stack.delivery()).send(head))
                .limit(1_000)
                .toList();

        assertServed(stack.newApp());
        slow.forEach(RawConnection::close);
    }

    @Test
    void largeBodiesOfOneUser_doNotKeepOthersFromDelivery() throws Exception {
        // Given
        var attacker = stack.newApp();
        var head = "POST /v1/devices/" + attacker.deviceId() + "/rpc HTTP/1.1\r\nHost: x\r\nAuthorization: "
                + attacker.authorization() + "\r\nContent-Type: application/json\r\nContent-Length: 4000000\r\n\r\n";
        var body = ("{\"message\":\"" + "x".repeat(3_900_000)).getBytes(StandardCharsets.US_ASCII);

        // When
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = Stream.generate(() -> threads.submit(() -> {
                        try (var connection = RawConnection.open(stack.delivery())) {
                            return connection.send(head).send(body).status(Duration.ofSeconds(5));
                        }
                    }))
                    .limit(30)
                    .toList();
            assertServed(stack.newApp());

            // Then: 503 where there was no room; 0 where it was lost with the connection, or the body waited for its
            // end
            assertThat(answers).allSatisfy(answer -> assertThat(answer.get()).isIn(503, 0));
            assertThat(answers).anySatisfy(answer -> assertThat(answer.get()).isEqualTo(503));
        }
    }

    @Test
    void unfinishedMessagesOfSockets_doNotKeepOthersFromDelivery() throws Exception {
        // Given: the sockets of four devices, each with most of a message of nearly 4 MB
        var attackers = Stream.generate(stack::newApp).limit(4).toList();
        var fragment = "{\"type\":\"rpc\",\"id\":\"a\",\"message\":\"" + "x".repeat(3_900_000);

        // When
        try (var http = HttpClient.newHttpClient()) {
            var sockets = new ArrayList<WebSocket>();
            for (var attacker : attackers) {
                for (int each = 0; each < 8; each++) {
                    sockets.add(attacker.socket(http));
                }
            }
            var sent = sockets.stream()
                    .map(socket -> socket.sendText(fragment, false).handle((_, failure) -> failure == null))
                    .toList();

            // Then
            assertServed(stack.newApp());
            sent.forEach(CompletableFuture::join);
            assertServed(stack.newApp());
            sockets.forEach(WebSocket::abort);
        }
    }

    @Test
    void streamsByTheThousand_doNotKeepOthersFromANode() throws Exception {
        // Given: 150 devices of one user's making, each with as many streams as it may have
        var attackers = stack.newApps(150);
        var app = stack.newApp();

        // When
        var streams = new ArrayList<RawConnection>();
        for (var attacker : attackers) {
            var head = "GET /v1/devices/" + attacker.deviceId() + "/stream HTTP/1.1\r\nHost: x\r\nAuthorization: "
                    + attacker.authorization() + "\r\n\r\n";
            for (int each = 0; each < 8; each++) {
                streams.add(RawConnection.open(stack.delivery()).send(head));
            }
        }
        assertThat(streams)
                .allSatisfy(stream -> assertThat(stream.status(TIMEOUT)).isEqualTo(200));

        // Then
        assertServed(app);
        streams.forEach(RawConnection::reset);
        assertServed(attackers.getFirst());
    }

    @Test
    void clientsThatVanish_neitherLockADeviceOutNorTakeItsMessages() throws Exception {
        // Given
        var app = stack.newApp();
        var head = "GET /api/devices/" + app.deviceId() + "/messages?timeout=20 HTTP/1.1\r\nHost: x\r\nAuthorization: "
                + app.authorization() + "\r\n\r\n";

        // When
        for (int round = 0; round < 4; round++) {
            var polls = Stream.generate(
                            () -> RawConnection.open(stack.delivery()).send(head))
                    .limit(16)
                    .toList();
            polls.subList(0, 8).forEach(RawConnection::close);
            polls.subList(8, 16).forEach(RawConnection::reset);
        }

        // Then: the limit of held polls is free again as soon as the node has read what the clients sent
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(app.poll("{\"wait\":1,\"after\":\"latest\"}")
                                .join()
                                .statusCode())
                        .isEqualTo(200));
        assertServed(app);
    }

    @Test
    void consumerNames_areBoundedForADevice() throws Exception {
        var app = stack.newApp();
        stack.webhooks().send(app.transaction("tx").bytes()).join();
        var cursor = app.cursorAfterNext();

        var statuses = IntStream.range(0, 30)
                .map(number -> app.acknowledge("name-" + number, cursor))
                .boxed()
                .toList();

        assertThat(statuses.subList(0, 16)).containsOnly(204);
        assertThat(statuses.subList(16, 30)).containsOnly(409);
        assertServed(app);
    }

    @Test
    void lookupsOfRandomRequestIds_areSlowedDownForThatUserAlone() throws Exception {
        // Given
        var attacker = stack.newApp();
        var app = stack.newApp();
        var requestId = UUID.randomUUID().toString();
        assertThat(app.rpc(App.payload("get_all_keys"), requestId).join().statusCode())
                .isEqualTo(200);

        // When
        var lookups = Stream.generate(
                        () -> App.send(lookup(attacker, UUID.randomUUID().toString()))
                                .thenApply(answer -> answer.statusCode()))
                .limit(500)
                .toList();

        // Then
        assertThat(App.send(lookup(app, requestId)).join().statusCode()).isEqualTo(200);
        assertServed(app);
        assertThat(lookups).extracting(CompletableFuture::join).contains(429).isSubsetOf(404, 429, 503);
    }

    @Test
    void forgedTokens_areRefusedWithoutAskingTheIssuerForEach() throws Exception {
        // Given
        var app = stack.newApp();
        var oidc = stack.fireblocks().oidc();
        int before = oidc.jwks().requests();
        var none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.";

        // When
        var tokens = Stream.concat(
                        Stream.of(
                                none,
                                oidc.tokenFor(app.userId()).forged().issue(),
                                oidc.tokenFor(app.userId()).expired().issue(),
                                oidc.tokenFor(app.userId()).notYetValid().issue(),
                                oidc.tokenFor(app.userId()).audience("other").issue(),
                                oidc.tokenFor(app.userId())
                                        .issuer("https://issuer.invalid")
                                        .issue()),
                        withUnknownKeys(app).limit(200))
                .toList();

        // Then
        assertThat(tokens)
                .allSatisfy(token -> assertThat(App.send(HttpRequest.newBuilder(stack.delivery()
                                                .resolve("/v1/devices/" + app.deviceId() + "/messages?wait=0"))
                                        .header("Authorization", "Bearer " + token))
                                .join()
                                .statusCode())
                        .isEqualTo(401));
        assertThat(oidc.jwks().requests() - before).isLessThanOrEqualTo(3);
        assertServed(app);
    }

    @Test
    void webhooksSignedWithUnknownKeys_areRefusedWithoutAFetchForEach() throws Exception {
        var app = stack.newApp();
        int before = stack.fireblocks().jwks().requests();
        var key = SigningKey.generate("unknown-key");

        var statuses = Stream.generate(() -> stack.webhooks()
                        .signedBy(key.withKid(UUID.randomUUID().toString()))
                        .send(app.transaction("forged").bytes())
                        .join()
                        .status())
                .limit(200)
                .toList();

        // 503 until the keys may be fetched again: before, the key is only unknown.
        assertThat(statuses).isSubsetOf(401, 503);
        assertThat(stack.fireblocks().jwks().requests() - before).isLessThanOrEqualTo(3);
        assertServed(app);
    }

    @Test
    void cursorsAndDevicesOfOthers_areRefused() throws Exception {
        var app = stack.newApp();
        var other = stack.newApp();
        stack.webhooks().send(app.transaction("secret").bytes()).join();
        var foreign = app.cursorAfterNext();

        var withForeignCursor =
                other.poll("{\"wait\":0,\"after\":\"" + foreign + "\"}").join();
        var withOtherUser = App.send(HttpRequest.newBuilder(
                                stack.delivery().resolve("/v1/devices/" + app.deviceId() + "/messages?wait=0"))
                        .header("Authorization", other.authorization()))
                .join();

        assertThat(withForeignCursor.statusCode()).isEqualTo(410);
        assertThat(App.text(withForeignCursor)).contains("foreign");
        assertThat(withOtherUser.statusCode()).isEqualTo(403);
        assertThat(App.text(withOtherUser)).doesNotContain("secret");
    }

    @Test
    void formerOwner_isCutOffAtOnceAndLeavesNothingToTheNext() throws Exception {
        // Given
        var former = stack.newApp();
        stack.webhooks().send(former.transaction("of the former").bytes()).join();
        assertThat(former.receive(1)).hasSize(1);
        var stream = RawConnection.open(stack.delivery())
                .send("GET /v1/devices/" + former.deviceId() + "/stream HTTP/1.1\r\nHost: x\r\nAuthorization: "
                        + former.authorization() + "\r\n\r\n");
        assertThat(stream.status(TIMEOUT)).isEqualTo(200);
        var held = former.poll("{\"wait\":50,\"after\":\"" + former.latest() + "\"}");

        // When
        var next = former.handedOver();

        // Then
        assertThat(held).succeedsWithin(TIMEOUT);
        assertThat(held.join().statusCode()).isEqualTo(403);
        assertThat(stream.receives("event: forbidden", TIMEOUT)).isTrue();
        assertThat(former.poll("{\"wait\":0}").join().statusCode()).isEqualTo(403);
        var first = next.poll("{\"wait\":0,\"after\":\"earliest\"}").join();
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(App.text(first)).doesNotContain("of the former");
        assertServed(next);
    }

    @Test
    void oversizedRequests_areRefused() throws Exception {
        var app = stack.newApp();

        var webhook = stack.webhooks().send(new byte[6 * MIB]).join();
        var rpc = RawConnection.open(stack.delivery())
                .send("POST /v1/devices/" + app.deviceId() + "/rpc HTTP/1.1\r\nHost: x\r\nAuthorization: "
                        + app.authorization() + "\r\nContent-Type: application/json\r\nContent-Length: " + 5 * MIB
                        + "\r\n\r\n");
        var header = App.send(HttpRequest.newBuilder(stack.delivery()).header("X", "x".repeat(100_000)))
                .join();

        assertThat(webhook.status()).isIn(413, 0);
        assertThat(rpc.status(TIMEOUT)).isEqualTo(413);
        assertThat(header.statusCode()).isEqualTo(431);
        assertServed(app);
    }

    @Test
    void replayedWebhook_isWrittenOnce() throws Exception {
        // Given
        var app = stack.newApp();
        var body = app.transaction("replayed").bytes();

        // When
        var statuses = Stream.generate(() -> stack.webhooks().send(body).join().status())
                .limit(50)
                .toList();

        // Then
        assertThat(statuses).containsOnly(200);
        assertThat(app.receive(1)).hasSize(1);
        assertThat(stack.eventsOf(app.deviceId())).isEqualTo(1);
    }

    @Test
    void webhookOfAnotherWorkspace_isRefused() throws Exception {
        var app = stack.newApp();
        var foreign = app.transaction("foreign").workspaceId(UUID.randomUUID().toString());

        var delivery = stack.webhooks().send(foreign.bytes()).join();

        assertThat(delivery.status()).isEqualTo(401);
        assertServed(app);
    }

    /** A user's whole loop beside the attack: a webhook answers the held poll, is acknowledged, and a call is answered. */
    private void assertServed(App app) throws InterruptedException {
        var transaction = UUID.randomUUID().toString();
        var poll = app.poll("{\"wait\":25,\"after\":\"" + app.latest() + "\"}");
        await().atMost(TIMEOUT).untilAsserted(() -> {
            assertThat(stack.webhooks()
                            .responseTimeout(TIMEOUT)
                            .send(app.transaction(transaction).bytes())
                            .join()
                            .status())
                    .isEqualTo(200);
        });
        assertThat(poll).succeedsWithin(TIMEOUT);
        assertThat(App.text(poll.join())).startsWith("200 ").contains(transaction);
        var next = App.JSON.readTree(poll.join().body()).path("next").asString();
        assertThat(app.poll("{\"wait\":0,\"ack\":\"" + next + "\"}").join().statusCode())
                .isEqualTo(200);
        var call = app.rpc(App.payload("get_all_keys"));
        assertThat(call).succeedsWithin(TIMEOUT);
        assertThat(call.join().statusCode()).isEqualTo(200);
        assertThat(stack.isReady()).isTrue();
    }

    /** The head of a webhook of this length with these headers. */
    private static String webhookHead(int length, Map<String, String> headers) {
        var head = new StringBuilder("POST /webhooks/fireblocks HTTP/1.1\r\nHost: x\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + length + "\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString();
    }

    private Map<String, String> forgedSignature(byte[] body) {
        return stack.webhooks().signedBy(stack.forgedKey()).sign(body);
    }

    private Stream<String> withUnknownKeys(App app) {
        var key = SigningKey.generate("unknown");
        return Stream.generate(() -> stack.fireblocks()
                .oidc()
                .tokenFor(app.userId())
                .signedBy(key.withKid(UUID.randomUUID().toString()))
                .issue());
    }

    private static HttpRequest.Builder lookup(App app, String requestId) {
        return app.request("/v1/devices/" + app.deviceId() + "/rpc/" + requestId)
                .GET();
    }
}
