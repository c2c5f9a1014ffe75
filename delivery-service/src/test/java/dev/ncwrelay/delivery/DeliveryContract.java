package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The guarantees of every transport. */
@Tag("kafka")
@Tag("fixtures")
abstract class DeliveryContract {

    private final RunningDelivery delivery = RunningDelivery.sharedSmall();

    final RunningDelivery delivery() {
        return delivery;
    }

    /** A client that follows the stream from there, until closed. */
    abstract StreamClient connect(
            RunningDelivery service, String device, @Nullable String consumer, @Nullable String after);

    final StreamClient connect(String device, @Nullable String consumer, @Nullable String after) {
        return connect(delivery, device, consumer, after);
    }

    /** The event type of the transport. */
    String eventType() {
        return "transaction.status.updated";
    }

    /** The message with which the transport ends on shutdown. */
    abstract String farewell();

    /** False when a client has no connection for a moment now and then: its next one may then be newer than that of another. */
    boolean isAlwaysConnected() {
        return true;
    }

    @Test
    final void messages_comeInOrder_thoseBeforeAndThoseAfterTheConnection() {
        var device = delivery.device();
        var before = publish(device, 0, 20);
        try (var client = connect(device, null, null)) {
            received(client, before);
            var after = publish(device, 20, 40);

            received(client, concat(before, after));
        }
    }

    @Test
    final void message_carriesItsDataByteForByte() {
        var device = delivery.device();
        var data = "{ \"a\" : \"Grüße \\u00e9 世界\",\t\"n\":1.10e-05 }";
        delivery.publish(device, "only", eventType(), null, data);
        try (var client = connect(device, null, null)) {
            await().until(() -> !client.messages().isEmpty());

            var message = client.messages().getFirst();
            assertThat(message.path("data").path("a").asString()).isEqualTo("Grüße é 世界");
            assertThat(message.path("type").asString()).isEqualTo(eventType());
        }
    }

    @Test
    void cursor_resumesExactlyOnAnotherConnection() {
        var device = delivery.device();
        var first = publish(device, 0, 10);
        String cursor;
        try (var client = connect(device, null, null)) {
            received(client, first);
            cursor = client.cursor();
        }
        var second = publish(device, 10, 25);

        try (var client = connect(device, null, cursor)) {
            received(client, second);
        }
    }

    @Test
    final void reconnects_loseAndRepeatNothing() {
        var device = delivery.device();
        var all = new ArrayList<String>();
        var got = new ArrayList<String>();
        String cursor = "earliest";
        for (int round = 0; round < 8; round++) {
            var client = connect(device, null, cursor);
            try (client) {
                all.addAll(publish(device, round * 5, round * 5 + 5));
                int expected = round % 3 == 2 ? 5 : 1;
                await().untilAsserted(() -> assertThat(client.ids()).hasSizeGreaterThanOrEqualTo(expected));
            }
            var taken = List.copyOf(client.messages());
            taken.forEach(message -> got.add(message.path("id").asString()));
            cursor = taken.getLast().path("cursor").asString();
        }
        try (var client = connect(device, null, cursor)) {
            await().untilAsserted(() -> assertThat(concat(got, client.ids())).containsExactlyElementsOf(all));
        }
    }

    @Test
    void acknowledgement_movesTheStartOfTheNextConnection() {
        var device = delivery.device();
        var ids = publish(device, 0, 12);
        try (var client = connect(device, null, null)) {
            received(client, ids);
            var fifth = client.messages().get(4).path("cursor").asString();
            assertThat(delivery.post("/v1/devices/" + device + "/acks", "{\"ack\":\"" + fifth + "\"}")
                            .status())
                    .isEqualTo(204);
        }

        try (var client = connect(device, null, null)) {
            received(client, ids.subList(5, 12));
        }
    }

    @Test
    void message_forOneInstallation_isSentToTheConsumerOfThatName() {
        var device = delivery.device();
        delivery.publish(device, "all", "{}");
        delivery.publish(device, "one", "NCW_DEVICE_MESSAGE", "phone", "{}");
        delivery.publish(device, "end", "{}");

        try (var phone = connect(device, "phone", null);
                var tablet = connect(device, "tablet", null);
                var unnamed = connect(device, null, null)) {
            received(phone, List.of("all", "one", "end"));
            received(tablet, List.of("all", "end"));
            received(unnamed, List.of("all", "one", "end"));
        }
    }

    @Test
    void gap_isReportedWithTheEarliestPosition() {
        var device = delivery.device();
        delivery.publish(device, "first", "{}");
        var cursor = await().until(
                        () -> delivery.poll(device, "{\"after\":\"earliest\"}"),
                        poll -> !poll.ids().isEmpty())
                .next();
        var ids = publish(device, 0, 90);
        await().until(() -> delivery.poll(device, "{\"wait\":0,\"after\":\"" + cursor + "\"}")
                        .status()
                == 410);

        String earliest;
        try (var client = connect(device, null, cursor)) {
            await().until(() -> client.gap().isPresent());
            assertThat(client.gap().orElseThrow().path("reason").asString()).isEqualTo("trimmed");
            assertThat(client.ids()).isEmpty();
            earliest = client.gap().orElseThrow().path("earliest").asString();
        }
        try (var client = connect(device, null, earliest)) {
            received(client, ids.subList(10, 90));
        }
    }

    @Test
    void newestConnection_ofANamedConsumerWins() {
        var device = delivery.device();
        try (var older = connect(device, "phone", "latest");
                var newer = connectLater(device)) {
            await().until(() -> older.ended().isPresent() || newer.ended().isPresent());
            var isOlderLast = newer.ended().isPresent();
            var first = isOlderLast ? newer : older;
            assertThat(first.ended()).contains("superseded");
            assertThat(isOlderLast && isAlwaysConnected()).isFalse();

            delivery.publish(device, "one", "{}");
            received(isOlderLast ? older : newer, List.of("one"));
            assertThat(first.ids()).isEmpty();
        }
    }

    @Test
    final void shutdown_sendsTheClientAwayWithAGoodCursor() {
        var device = delivery.device();
        publish(device, "before");
        String cursor;
        try (var client = connect(device, null, null)) {
            received(client, List.of("before"));
            delivery.awaitHeld(1);
            delivery.stop();
            await().untilAsserted(() -> assertThat(client.ended()).contains(farewell()));
            cursor = client.cursor();
        }
        publish(device, "meanwhile");
        delivery.restart();

        try (var client = connect(device, null, cursor)) {
            received(client, List.of("meanwhile"));
        }
    }

    private StreamClient connectLater(String device) {
        // The older one waits.
        delivery.awaitHeld(1);
        return connect(device, "phone", "latest");
    }

    static void received(StreamClient client, List<String> ids) {
        await().untilAsserted(() -> assertThat(client.ids()).isEqualTo(ids));
    }

    final List<String> publish(String device, int from, int to) {
        var ids = IntStream.range(from, to).mapToObj(one -> "event-" + one).toList();
        ids.forEach(id -> publish(device, id));
        return ids;
    }

    private void publish(String device, String id) {
        // Large enough to evict some from the ring, so that the guarantees hold across ring and mailbox.
        var data = "{\"event\":\"" + id + "\",\"more\":\"" + "x".repeat(1_500) + "\"}";
        delivery.publish(device, id, eventType(), null, data);
    }

    private static List<String> concat(List<String> first, List<String> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
