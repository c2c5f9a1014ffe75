package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events that are evicted from the ring are read from the mailbox. */
@Tag("kafka")
class BacklogFlowTest {

    private static final String LARGE = "\"" + "x".repeat(3_000) + "\"";
    private static final List<String> IDS =
            IntStream.range(0, 60).mapToObj(one -> "event-" + one).toList();

    private final RunningDelivery delivery = RunningDelivery.sharedSmall();

    @Test
    void poll_readsMailboxAndRingWithoutGap() {
        var device = delivery.device();
        IDS.forEach(id -> delivery.publish(device, id, LARGE));

        assertThat(all(device, "")).isEqualTo(IDS);
        assertThat(all(device, "earliest")).isEqualTo(IDS);
    }

    @Test
    void poll_continuesAtTheAcknowledgedPosition() {
        var device = delivery.device();
        IDS.forEach(id -> delivery.publish(device, id, LARGE));
        var first = await().until(
                        () -> delivery.poll(device, "{\"limit\":7,\"wait\":0}"),
                        poll -> poll.status() == 200 && !poll.ids().isEmpty());
        assertThat(first.ids()).isEqualTo(IDS.subList(0, 7));

        delivery.poll(device, "{\"ack\":\"" + first.next() + "\",\"wait\":0}");

        assertThat(all(device, "")).isEqualTo(IDS.subList(7, 60));
    }

    @Test
    void individualAcks_applyToTheBacklog() {
        var device = delivery.device();
        IDS.forEach(id -> delivery.publish(device, id, LARGE));

        await().until(() -> delivery.post("/v1/devices/" + device + "/acks", "{\"ids\":[\"event-3\",\"event-0\"]}")
                        .status()
                == 204);

        assertThat(all(device, ""))
                .isEqualTo(IDS.stream()
                        .filter(id -> !id.equals("event-0") && !id.equals("event-3"))
                        .toList());
    }

    @Test
    void poll_afterARestart_readsTheBacklog() {
        var device = delivery.device();
        IDS.forEach(id -> delivery.publish(device, id, LARGE));

        delivery.restart();

        assertThat(all(device, "")).isEqualTo(IDS);
    }

    /** A new node restores its mailboxes some time after it is ready, partition by partition. */
    @Test
    void poll_beforeTheBacklogIsAvailable_is503WithRetryAfter() {
        var devices = IntStream.range(0, 24).mapToObj(_ -> delivery.device()).toList();
        devices.forEach(device -> IDS.subList(0, 12).forEach(id -> delivery.publish(device, id, LARGE)));

        delivery.restart();

        for (var device : devices) {
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(() -> {
                var answer = delivery.poll(device, "{\"after\":\"earliest\",\"wait\":0}");
                assertThat(answer.status()).as(answer.text()).isIn(200, 503);
                return answer.status() == 200;
            });
        }
    }

    /** Follows {@code next} until there is no more; retries after 503. */
    private List<String> all(String device, String from) {
        var ids = new ArrayList<String>();
        var after = from;
        while (true) {
            var body = "{\"wait\":0,\"limit\":11" + (after.isEmpty() ? "" : ",\"after\":\"" + after + "\"") + "}";
            var answer = await().until(() -> delivery.poll(device, body), poll -> poll.status() != 503);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            ids.addAll(answer.ids());
            if (!answer.json().path("more").asBoolean()) {
                return ids;
            }
            after = answer.next();
        }
    }
}
