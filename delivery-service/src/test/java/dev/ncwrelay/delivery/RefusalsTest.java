package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The problems of rejected requests. */
@Tag("kafka")
class RefusalsTest {

    private static final int PER_DEVICE = 3;

    private static RunningDelivery delivery;
    private static String device;

    @BeforeAll
    static void start() {
        delivery = RunningDelivery.start(
                "relay.delivery.wait.per-device=" + PER_DEVICE,
                "relay.delivery.feed.max-bytes=1MB",
                // One per partition: the next one replaces it.
                "relay.delivery.feed.dedupe-entries=12",
                "relay.delivery.mailbox.max-events=10");
        device = delivery.device();
    }

    @AfterAll
    static void stop() {
        delivery.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"wait\":51}",
                "{\"wait\":-1}",
                "{\"limit\":0}",
                "{\"limit\":101}",
                "{\"maxBytes\":0}",
                "{\"consumer\":\"a b\"}",
                "{\"consumer\":\"\"}",
                "{\"types\":[null]}",
                "{\"after\":\"12:00\"}",
                "{\"wait\":\"long\"}",
                "{\"unknown\":1}",
                "{\"wait\":",
                "[]"
            })
    void malformedPoll_is400(String body) {
        assertProblem(delivery.poll(device, body), 400);
    }

    @Test
    void poll_outOfRange_namesTheRange() {
        assertThat(delivery.poll(device, "{\"wait\":51}").json().path("detail").asString())
                .contains("0 to 50");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"ids\":[]}", "{\"ack\":\"x\",\"ids\":[\"y\"]}", "{\"ids\":[null]}"})
    void malformedAck_is400(String body) {
        assertProblem(delivery.post("/v1/devices/" + device + "/acks", body), 400);
    }

    @Test
    void foreignCursor_is410WithTheEarliestPosition() {
        var foreign = delivery.poll(delivery.device(), "{\"wait\":0}").next();

        for (var cursor : new String[] {foreign, "garbage", "AAAA"}) {
            var answer = delivery.poll(device, "{\"after\":\"" + cursor + "\",\"wait\":0}");

            assertProblem(answer, 410);
            assertThat(answer.json().path("reason").asString()).isEqualTo("foreign");
            var earliest = answer.json().path("earliest").asString();
            assertThat(delivery.poll(device, "{\"after\":\"" + earliest + "\",\"wait\":0}")
                            .status())
                    .isEqualTo(200);
        }
        assertProblem(delivery.post("/v1/devices/" + device + "/acks", "{\"ack\":\"" + foreign + "\"}"), 410);
    }

    @Test
    void cursorOfAnExpiredEvent_is410WithTheEarliestPosition() {
        var owner = delivery.device();
        var start = delivery.poll(owner, "{\"wait\":0}").next();
        var large = "\"" + "x".repeat(30_000) + "\"";
        IntStream.range(0, 20).forEach(one -> delivery.publish(owner, "event-" + one, large));

        // The mailbox reads after the ring: until it has all events, the first ones are available, or only some after
        // the gap.
        await().untilAsserted(() -> {
            var answer = delivery.poll(owner, "{\"after\":\"" + start + "\",\"wait\":0}");
            assertProblem(answer, 410);
            assertThat(answer.json().path("reason").asString()).isEqualTo("trimmed");
            var earliest = answer.json().path("earliest").asString();
            var rest = delivery.poll(owner, "{\"after\":\"" + earliest + "\",\"wait\":0}");
            assertThat(rest.ids()).endsWith("event-19").doesNotContain("event-0");
        });
        assertProblem(delivery.poll(owner, "{\"after\":\"2000-01-02T03:04:05Z\"}"), 410);
    }

    @Test
    void unknownDevice_is404_andAnotherUsersDevice_is403() {
        assertProblem(delivery.poll("nobody", "{}"), 404);
        assertProblem(
                delivery.exchange("POST", "/v1/devices/" + device + "/messages:poll", "{}", delivery.token("somebody")),
                403);
    }

    @Test
    void missingOrInvalidToken_is401() {
        var issuer = delivery.fireblocks().oidc();
        var path = "/v1/devices/" + device + "/messages?wait=0";
        var user = issuer.tokenFor(RunningDelivery.USER);

        for (var token : new String[] {
            null,
            "garbage",
            user.expired().issue(),
            user.forged().issue(),
            user.audience("other").issue(),
            user.issuer("http://other").issue(),
            user.notYetValid().issue()
        }) {
            var answer = delivery.exchange("GET", path, null, token);
            assertProblem(answer, 401);
            assertThat(answer.header("WWW-Authenticate"))
                    .isEqualTo(token == null ? "Bearer" : "Bearer error=\"invalid_token\"");
        }
        assertProblem(delivery.exchange("GET", path, null, user.without("sub").issue()), 403);
    }

    @Test
    void registration_withoutScope_is403_malformed_is400() {
        var body = "{\"walletId\":\"w\",\"userId\":\"u\"}";
        assertProblem(delivery.exchange("PUT", "/v1/devices/new", body, delivery.token("backend")), 403);
        var backend = delivery.fireblocks().oidc().token("backend", "devices:write");
        assertProblem(delivery.exchange("PUT", "/v1/devices/new", "{\"walletId\":\"w\"}", backend), 400);
        assertProblem(delivery.exchange("PUT", "/v1/devices/a%20b", body, backend), 400);
    }

    @Test
    void repeatedRegistration_is200_andKeepsItsTime() {
        var backend = delivery.fireblocks().oidc().token("backend", "devices:write");
        var again = delivery.exchange(
                "PUT", "/v1/devices/" + device, "{\"walletId\":\"wallet-2\",\"userId\":\"user-1\"}", backend);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("walletId").asString()).isEqualTo("wallet-2");
        assertThat(again.json().path("registeredAt").asString())
                .isLessThan(again.json().path("updatedAt").asString());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nothing, 404",
        "GET, /v1/devices/x/rpc, 405",
        "DELETE, /v1/devices/x/messages, 405",
        "GET, /v1/devices/DEVICE/messages?wait=abc, 400",
        "GET, /api/devices/DEVICE/messages?timeout=21, 400",
        "GET, /api/devices/DEVICE/messages?batchSize=0, 400",
        "DELETE, /api/devices/DEVICE/messages/abc, 400",
        "DELETE, /api/devices/DEVICE/messages/7777777, 404",
        "DELETE, /api/devices/DEVICE/messages/-1, 404",
        "GET, /api/devices/DEVICE/messages?timeout=-1, 400",
        "GET, /api/devices/DEVICE/messages?timeout=1.5, 400",
        "GET, /api/devices/DEVICE/messages?batchSize=21, 400",
        "GET, /api/devices/DEVICE/nothing, 404",
        "POST, /api/devices/DEVICE/messages, 405",
        "POST, /api/devices/DEVICE/rpc, 400",
        "GET, /api/devices/nobody/messages, 404",
        "GET, /api/devices/nobody/transactions, 404",
        "GET, /api/devices/a;b/messages, 400"
    })
    void frameworkErrors_areProblems(String method, String path, int status) {
        assertProblem(
                delivery.exchange(method, path.replace("DEVICE", device), null, delivery.token(RunningDelivery.USER)),
                status);
    }

    /** Jetty rejects these before the service's code runs. */
    @ParameterizedTest
    @ValueSource(strings = {"/api/devices/a%2Fb/messages", "/api//devices/x/messages", "/api/devices/%zz/messages"})
    void ambiguousPaths_areRejectedWithAProblem(String path) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), delivery.port())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 400").contains("urn:ncw-relay:problem:bad-request");
        }
    }

    /** Browsers' address bars and some HTTP libraries do not accept JSON. */
    @ParameterizedTest
    @ValueSource(strings = {"text/html", "text/plain", "application/json", "image/*"})
    void errors_areProblems_whateverIsAccepted(String accepted) {
        for (var path : List.of(
                "/api/devices/" + device + "/messages?timeout=21",
                "/api/devices/a;b/messages",
                "/api/devices/nobody/transactions")) {
            var answer = delivery.send(delivery.request("GET", path, null, delivery.token(RunningDelivery.USER))
                            .header("Accept", accepted)
                            .build())
                    .join();
            assertThat(answer.status()).as(path).isIn(400, 404);
            assertThat(answer.header("Content-Type")).as(path).startsWith("application/json");
            assertThat(answer.json().path("error").asString()).as(path).isNotBlank();
        }
    }

    @Test
    void errorForALargeUpload_isReceived() {
        var path = "/v1/devices/" + device + "/rpc";
        var large = "{\"message\":\"" + "x".repeat(6 << 20) + "\"}";
        var token = delivery.token(RunningDelivery.USER);
        for (int round = 0; round < 15; round++) {
            assertProblem(delivery.exchange("POST", path, large, token), 413);
            assertProblem(delivery.exchange("POST", path, large.substring(0, 4_000_000), null), 401);
            var unknownLength = delivery.request("POST", path, null, token)
                    .method(
                            "POST",
                            BodyPublishers.ofInputStream(
                                    () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8))))
                    .build();
            assertProblem(delivery.send(unknownLength).join(), 413);
        }
    }

    @Test
    void bodyOfAnotherMediaType_is415_tooLarge_is413() {
        var path = "/v1/devices/" + device + "/rpc";
        var token = delivery.token(RunningDelivery.USER);
        var xml = delivery.send(delivery.request("POST", path, "<a/>", token)
                .setHeader("Content-Type", "application/xml")
                .build());
        assertProblem(xml.join(), 415);

        var large = "{\"message\":\"" + "x".repeat(4_300_000) + "\"}";
        assertProblem(delivery.exchange("POST", path, large, token), 413);
        var unknownLength = delivery.request("POST", path, null, token)
                .POST(BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8))))
                .build();
        assertProblem(delivery.send(unknownLength).join(), 413);
    }

    @Test
    void poll_ofANamedConsumer_supersedesTheOlderWith409() {
        var other = delivery.device();
        var older = delivery.pollAsync(other, "{\"consumer\":\"app\",\"wait\":50}");
        delivery.awaitHeld(1);

        var newer = delivery.pollAsync(other, "{\"consumer\":\"app\",\"wait\":50}");

        assertThat(older).succeedsWithin(Duration.ofMinutes(1)).satisfies(answer -> assertProblem(answer, 409));
        delivery.publish(other, "one", "{}");
        assertThat(newer)
                .succeedsWithin(Duration.ofMinutes(1))
                .satisfies(answer -> assertThat(answer.ids()).containsExactly("one"));
    }

    @Test
    void read_supersedesNothing() {
        var other = delivery.device();
        var held = delivery.pollAsync(other, "{\"consumer\":\"app\",\"wait\":50}");
        delivery.awaitHeld(1);

        var look = delivery.get("/v1/devices/" + other + "/messages?consumer=app&wait=0");

        assertThat(look.status()).isEqualTo(200);
        delivery.publish(other, "one", "{}");
        assertThat(held)
                .succeedsWithin(Duration.ofMinutes(1))
                .satisfies(answer -> assertThat(answer.ids()).containsExactly("one"));
    }

    @Test
    void poll_beyondTheDevicesLimit_is429() {
        var other = delivery.device();
        var held = IntStream.range(0, PER_DEVICE)
                .mapToObj(_ -> delivery.pollAsync(other, "{\"wait\":50}"))
                .toList();
        delivery.awaitHeld(PER_DEVICE);

        var refused = delivery.poll(other, "{\"wait\":50}");

        assertProblem(refused, 429);
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        delivery.publish(other, "one", "{}");
        assertThat(held).allSatisfy(poll -> assertThat(poll).succeedsWithin(Duration.ofMinutes(1)));
    }

    /**
     * The ring cannot decide whether the event is a duplicate; the mailbox can, and reads it a moment after the ring.
     */
    @Test
    void heldPolls_areAnsweredWithALateWebhook() {
        try (var log = LogRecorder.attach()) {
            for (int round = 0; round < 20; round++) {
                // Given
                var other = delivery.device();
                var after = publishedAndSeen(other, "one", "earliest");
                after = publishedAndSeen(other, "two", after);
                var held = delivery.pollAsync(other, "{\"wait\":50,\"after\":\"" + after + "\"}");
                var demo = delivery.send(delivery.request(
                                "GET",
                                "/api/devices/" + other + "/messages?timeout=20",
                                null,
                                delivery.token(RunningDelivery.USER))
                        .build());
                delivery.awaitHeld(2);

                // When
                var before = Instant.now().minus(Duration.ofHours(3));
                delivery.publish(other, "late", "NCW_DEVICE_MESSAGE", null, before, "{}");

                // Then
                assertThat(held).succeedsWithin(Duration.ofMinutes(1)).satisfies(answer -> {
                    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                    assertThat(answer.ids()).containsExactly("late");
                });
                assertThat(demo).succeedsWithin(Duration.ofMinutes(1)).satisfies(answer -> {
                    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                    assertThat(answer.json().size()).isEqualTo(1);
                });
            }
            assertThat(log.faults()).isEmpty();
        }
    }

    /** The cursor of an event that this node has read, before the next is created. */
    private static String publishedAndSeen(String owner, String id, String after) {
        delivery.publish(owner, id, "{}");
        return await().until(
                        () -> delivery.poll(owner, "{\"wait\":0,\"after\":\"" + after + "\"}"),
                        poll -> poll.status() == 200 && poll.ids().equals(List.of(id)))
                .next();
    }

    private static void assertProblem(RunningDelivery.Reply answer, int status) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        // As in the demo backend, on its paths.
        boolean isV0 = answer.response().uri().getPath().startsWith("/api/");
        assertThat(answer.header("Content-Type"))
                .as(answer.text())
                .startsWith(isV0 ? "application/json" : "application/problem+json");
        assertThat(answer.header("Cache-Control")).as(answer.text()).contains("no-store");
        assertThat(answer.json().path("type").asString()).startsWith("urn:ncw-relay:problem:");
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.json().path("title").asString()).isNotBlank();
        assertThat(answer.json().path("detail").asString()).isNotBlank();
    }
}
