package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo backend's messages, as its clients call them. */
@Tag("kafka")
class CompatFlowTest {

    private static final String TYPE = "NCW_DEVICE_MESSAGE";

    private final RunningDelivery delivery = RunningDelivery.shared();

    @Test
    void messages_areTextsWithIntegerIds_deliveredOnceUntilDeleted() {
        var device = delivery.device();
        var path = "/api/devices/" + device + "/messages";
        delivery.publish(device, "other", "{}");
        delivery.publish(device, "one", TYPE, null, "{\"a\": \"\u00fc\"}");
        delivery.publish(device, "two", TYPE, null, "{\"b\":1}");

        var first = delivery.get(path + "?timeout=5&batchSize=1").json();

        assertThat(first.size()).isEqualTo(1);
        assertThat(first.path(0).path("id").isIntegralNumber()).isTrue();
        assertThat(first.path(0).path("message").asString()).isEqualTo("{\"a\": \"\u00fc\"}");
        assertThat(delivery.get(path + "?timeout=5")
                        .json()
                        .path(0)
                        .path("message")
                        .asString())
                .isEqualTo("{\"b\":1}");
        assertThat(delivery.get(path + "?timeout=0").text()).isEqualTo("[]");
        var message = path + "/" + first.path(0).path("id").asLong();
        // The mailbox may still be restored: the service has just started.
        var deleted = await().until(() -> delivery.delete(message), answer -> answer.status() != 503);
        assertThat(deleted.text()).isEqualTo("{}");
        assertThat(delivery.delete(message).status()).isEqualTo(404);
    }

    @Test
    void heldPoll_isAnsweredWhenAMessageArrives() {
        var device = delivery.device();
        var held = delivery.send(delivery.request(
                        "GET",
                        "/api/devices/" + device + "/messages?timeout=20",
                        null,
                        delivery.token(RunningDelivery.USER))
                .build());
        delivery.awaitHeld(1);

        delivery.publish(device, "one", TYPE, null, "{}");

        assertThat(held)
                .succeedsWithin(Duration.ofMinutes(1))
                .satisfies(answer -> assertThat(answer.json().size()).isEqualTo(1));
    }

    /** The demo backend reads an empty text as 0, and accepts a path with a slash at its end. */
    @ParameterizedTest
    @ValueSource(strings = {"?timeout=", "/?timeout=0", "/?timeout="})
    void poll_withEquivalentQueries_returnsTheSame(String words) {
        var device = delivery.device();
        var path = "/api/devices/" + device + "/messages";
        assertThat(delivery.get(path + words).text()).isEqualTo("[]");
        delivery.publish(device, "one", TYPE, null, "{\"a\":1}");

        var handed = await().until(
                        () -> delivery.get(path + words),
                        answer -> answer.status() != 503 && !answer.text().equals("[]"));

        assertThat(handed.status()).isEqualTo(200);
        assertThat(handed.json())
                .singleElement()
                .satisfies(message ->
                        assertThat(message.path("message").asString()).isEqualTo("{\"a\":1}"));
    }

    /** A poll that is woken during a check may read messages twice; those it does not return stay visible. */
    @Test
    void messages_thatArriveDuringACheck_areDelivered() {
        var devices = IntStream.range(0, 150).mapToObj(_ -> delivery.device()).toList();
        for (var device : devices) {
            var path = "/api/devices/" + device + "/messages?batchSize=20&timeout=";
            var publishing = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 4; i++) {
                    delivery.publish(device, "event-" + i, TYPE, null, "{}");
                }
            });
            int handed = delivery.get(path + 1).json().size();
            publishing.join();
            while (handed < 4) {
                int more = delivery.get(path + 2).json().size();
                assertThat(more).as("after %s of 4", handed).isPositive();
                handed += more;
            }
        }
    }

    @Test
    void messages_ofAnotherInstallation_areNotDelivered() {
        var device = delivery.device();
        delivery.publish(device, "one", TYPE, "phone", "{}");
        delivery.publish(device, "two", TYPE, null, "{\"all\":1}");

        var tablet = delivery.get("/api/devices/" + device + "/messages?physicalDeviceId=tablet&timeout=5");

        assertThat(tablet.json().size()).isEqualTo(1);
        assertThat(tablet.json().path(0).path("message").asString()).isEqualTo("{\"all\":1}");
    }

    /** As in the demo backend; Fireblocks' clients that never name their installation rely on it. */
    @Test
    void messages_ofAnyInstallation_areDeliveredInOrder_toClientsThatNameNone() {
        var device = delivery.device();
        delivery.publish(device, "one", TYPE, "phone", "{\"n\":1}");
        delivery.publish(device, "two", TYPE, null, "{\"n\":2}");
        delivery.publish(device, "three", TYPE, "tablet", "{\"n\":3}");

        var all = await().until(
                        () -> delivery.get("/api/devices/" + device + "/messages?timeout=0&batchSize=1")
                                .json(),
                        answer -> !answer.isEmpty());
        var rest = delivery.get("/api/devices/" + device + "/messages?timeout=5");

        assertThat(all.path(0).path("message").asString()).isEqualTo("{\"n\":1}");
        assertThat(rest.json().valueStream().map(one -> one.path("message").asString()))
                .containsExactly("{\"n\":2}", "{\"n\":3}");
        assertThat(rest.json().path(0).path("id").asLong())
                .isLessThan(rest.json().path(1).path("id").asLong());
    }

    @Test
    void message_forAllInstallations_deletedByOne_isDeletedForAll() {
        var device = delivery.device();
        var path = "/api/devices/" + device + "/messages";
        delivery.publish(device, "one", TYPE, null, "{}");
        var handed = delivery.get(path + "?physicalDeviceId=phone&timeout=5").json();
        assertThat(delivery.delete(path + "/" + handed.path(0).path("id").asLong())
                        .status())
                .isEqualTo(200);

        // The restart clears the visibility timeouts.
        delivery.restart();

        assertThat(delivery.get(path + "?physicalDeviceId=tablet&timeout=0").text())
                .isEqualTo("[]");
    }

    @Test
    void deletedMessages_stayDeletedAfterARestart() {
        var device = delivery.device();
        var path = "/api/devices/" + device + "/messages";
        IntStream.range(0, 10).forEach(one -> {
            delivery.publish(device, "other-" + one, "{}");
            delivery.publish(device, "event-" + one, TYPE, null, "{\"n\":" + one + "}");
        });
        var handed = delivery.get(path + "?timeout=5&batchSize=20").json();
        assertThat(handed.size()).isEqualTo(10);
        for (int one = 0; one < 9; one++) {
            assertThat(delivery.delete(path + "/" + handed.path(one).path("id").asLong())
                            .status())
                    .isEqualTo(200);
        }

        delivery.restart();

        var left = delivery.get(path + "?timeout=5&batchSize=20").json();
        assertThat(left.size()).isEqualTo(1);
        assertThat(left.path(0).path("message").asString()).isEqualTo("{\"n\":9}");
    }
}
