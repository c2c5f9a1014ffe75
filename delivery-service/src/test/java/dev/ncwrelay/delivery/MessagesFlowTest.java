package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Messages from Kafka to polls, over HTTP. */
@Tag("kafka")
class MessagesFlowTest {

    private final RunningDelivery delivery = RunningDelivery.shared();

    @Test
    void poll_withAvailableMessages_isAnsweredAtOnce() {
        var device = delivery.device();
        delivery.publish(device, "one", "{\"a\":1}");

        var answer = delivery.poll(device, "{}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        var message = answer.json().path("messages").path(0);
        assertThat(message.propertyNames()).containsExactly("id", "cursor", "type", "createdAt", "walletId", "data");
        assertThat(message.path("cursor").asString()).isNotBlank();
        assertThat(answer.json().path("caughtUp").asBoolean()).isTrue();
    }

    @Test
    void heldPoll_isAnsweredWhenAMessageArrives() {
        var device = delivery.device();
        var held = delivery.pollAsync(device, "{\"wait\":50}");
        delivery.awaitHeld(1);

        delivery.publish(device, "one", "{\"a\":1}");

        assertThat(held)
                .succeedsWithin(Duration.ofMinutes(1))
                .satisfies(answer -> assertThat(answer.ids()).containsExactly("one"));
    }

    @Test
    void poll_withoutMessages_endsEmptyWithANewCursor() {
        var device = delivery.device();

        var answer = delivery.poll(device, "{\"wait\":1}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.ids()).isEmpty();
        assertThat(answer.next()).isNotBlank();
    }

    @Test
    void poll_withoutBody_usesTheDefaults() {
        var device = delivery.device();
        delivery.publish(device, "one", "{}");

        assertThat(delivery.exchange(
                                "POST",
                                "/v1/devices/" + device + "/messages:poll",
                                null,
                                delivery.token(RunningDelivery.USER))
                        .ids())
                .containsExactly("one");
    }

    @Test
    void poll_returnsDataByteForByte() {
        var device = delivery.device();
        var data = "{ \"text\" :\"\u00fc\u20ac\uD83D\uDD11\\u00fc\", \"n\": 1.50, \"big\":\""
                + "\uD83D\uDD11".repeat(250_000) + "\" }";
        delivery.publish(device, "one", data);

        var answer = delivery.poll(device, "{\"maxBytes\":8388608}");

        assertThat(new String(answer.bytes(), StandardCharsets.UTF_8).contains("\"data\":" + data + "}"))
                .isTrue();
    }

    @Test
    void poll_resumesByCursorThroughPages() {
        var device = delivery.device();
        IntStream.range(0, 25).forEach(one -> delivery.publish(device, "event-" + one, "{}"));
        var received = new ArrayList<String>();

        var answer = delivery.poll(device, "{\"limit\":10}");
        received.addAll(answer.ids());
        while (answer.json().path("more").asBoolean()) {
            answer = delivery.get("/v1/devices/" + device + "/messages?wait=1&limit=10&after=" + answer.next());
            received.addAll(answer.ids());
        }

        assertThat(received)
                .containsExactlyElementsOf(
                        IntStream.range(0, 25).mapToObj(one -> "event-" + one).toList());
    }

    @Test
    void poll_returnsADuplicateOnce() {
        var device = delivery.device();
        Stream.of("one", "one", "two", "one").forEach(id -> delivery.publish(device, id, "{}"));

        assertThat(delivery.poll(device, "{}").ids()).containsExactly("one", "two");
    }

    @Test
    void poll_keepsTheOrderOfEachOfFiftyDevices() {
        var devices = Stream.generate(delivery::device).limit(50).toList();
        IntStream.range(0, 500).forEach(one -> delivery.publish(devices.get(one % 50), "event-" + one, "{}"));

        var received = new HashMap<String, List<String>>();
        devices.forEach(
                device -> received.put(device, delivery.poll(device, "{}").ids()));

        for (int device = 0; device < 50; device++) {
            int first = device;
            assertThat(received.get(devices.get(device)))
                    .containsExactlyElementsOf(IntStream.range(0, 10)
                            .mapToObj(round -> "event-" + (first + 50 * round))
                            .toList());
        }
    }

    @Test
    void poll_returnsAMessageForOneInstallationToItAndToTheUnnamedConsumer() {
        var device = delivery.device();
        delivery.publish(device, "phone", "NCW_DEVICE_MESSAGE", "phone", "{}");
        delivery.publish(device, "all", "{}");

        assertThat(delivery.poll(device, "{\"consumer\":\"phone\"}").ids()).containsExactly("phone", "all");
        assertThat(delivery.poll(device, "{\"consumer\":\"tablet\"}").ids()).containsExactly("all");
        assertThat(delivery.poll(device, "{}").ids()).containsExactly("phone", "all");
    }

    @Test
    void poll_withTypes_skipsOtherTypes() {
        var device = delivery.device();
        delivery.publish(device, "one", "{}");
        delivery.publish(device, "two", "embedded_wallet.created", null, "{}");

        assertThat(delivery.poll(device, "{\"types\":[\"embedded_wallet.created\"]}")
                        .ids())
                .containsExactly("two");
    }

    @Test
    void acksAndCursors_surviveARestart() {
        var device = delivery.device();
        Stream.of("one", "two", "three", "four").forEach(id -> delivery.publish(device, id, "{}"));
        var before = delivery.poll(device, "{\"limit\":1}");
        assertThat(delivery.post("/v1/devices/" + device + "/acks", "{\"ack\":\"" + before.next() + "\"}")
                        .status())
                .isEqualTo(204);
        assertThat(delivery.post("/v1/devices/" + device + "/acks", "{\"ids\":[\"three\"]}")
                        .status())
                .isEqualTo(204);

        delivery.restart();

        assertThat(delivery.poll(device, "{}").ids()).containsExactly("two", "four");
        assertThat(delivery.poll(device, "{\"after\":\"" + before.next() + "\",\"consumer\":\"other\"}")
                        .ids())
                .containsExactly("two", "three", "four");
    }

    @Test
    void ackOfAnUnknownMessage_writesNothing() {
        var device = delivery.device();
        delivery.publish(device, "one", "{}");
        delivery.poll(device, "{}");

        var answer = delivery.post("/v1/devices/" + device + "/acks", "{\"ids\":[\"one\",\"none\"]}");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().path("unknown").path(0).asString()).isEqualTo("none");
        assertThat(delivery.poll(device, "{}").ids()).containsExactly("one");
    }

    @Test
    void poll_acknowledgesAndReadsInOneRequest() {
        var device = delivery.device();
        delivery.publish(device, "one", "{}");
        delivery.publish(device, "two", "{}");
        var first = delivery.poll(device, "{\"limit\":1}");

        assertThat(delivery.poll(device, "{\"ack\":\"" + first.next() + "\"}").ids())
                .containsExactly("two");
    }

    @Test
    void poll_afterLatest_waitsForTheNextMessage() {
        var device = delivery.device();
        delivery.publish(device, "one", "{}");
        delivery.poll(device, "{}");

        var held = delivery.pollAsync(device, "{\"after\":\"latest\",\"wait\":50}");
        delivery.awaitHeld(1);
        delivery.publish(device, "two", "{}");

        assertThat(held)
                .succeedsWithin(Duration.ofMinutes(1))
                .satisfies(answer -> assertThat(answer.ids()).containsExactly("two"));
        assertThat(delivery.poll(device, "{\"after\":\"earliest\"}").ids()).containsExactly("one", "two");
        assertThat(delivery.poll(device, "{\"after\":\"2100-01-02T03:04:05Z\",\"wait\":0}")
                        .ids())
                .isEmpty();
    }

    @Test
    void poll_afterATime_startsWithTheFirstMessageSince() {
        var device = delivery.device();
        delivery.publish(device, "one", "{}");
        assertThat(delivery.poll(device, "{}").ids()).containsExactly("one");
        var between = Instant.now();
        await().until(() -> Instant.now().toEpochMilli() > between.toEpochMilli());
        delivery.publish(device, "two", "{}");

        await().untilAsserted(() -> assertThat(delivery.poll(device, "{\"after\":\"" + between + "\",\"wait\":0}")
                        .ids())
                .containsExactly("two"));
    }

    @Test
    void sixHundredHeldPolls_areWokenWithoutAThreadEach() {
        var devices = Stream.generate(delivery::device).limit(60).toList();
        int threadsBefore = RunningDelivery.threads();
        var held = new ArrayList<CompletableFuture<RunningDelivery.Reply>>();
        for (var device : devices) {
            IntStream.range(0, 10).forEach(_ -> held.add(delivery.pollAsync(device, "{\"wait\":50}")));
        }
        delivery.awaitHeld(held.size());
        int threadsHeld = RunningDelivery.threads();

        devices.forEach(device -> delivery.publish(device, "one", "{}"));

        assertThat(held)
                .allSatisfy(poll -> assertThat(poll)
                        .succeedsWithin(Duration.ofMinutes(1))
                        .satisfies(answer -> assertThat(answer.ids()).containsExactly("one")));
        assertThat(threadsHeld - threadsBefore).isLessThan(100);
    }
}
