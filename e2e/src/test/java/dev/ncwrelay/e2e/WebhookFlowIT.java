package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.samples.DeviceMessageForm;
import dev.ncwrelay.testkit.samples.Samples;
import dev.ncwrelay.testkit.samples.WebhookBody;
import dev.ncwrelay.testkit.webhook.Delivery;
import dev.ncwrelay.testkit.webhook.PendingDelivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A webhook of Fireblocks reaches the app. */
@Tag("fixtures")
class WebhookFlowIT {

    private final RunningStack stack = RunningStack.get();

    @Test
    void webhook_answersThePollThatIsHeld() {
        // Given
        var app = stack.newApp();
        var poll = app.poll("{\"wait\":25}");
        await().during(Duration.ofMillis(500)).until(() -> !poll.isDone());

        // When
        var delivery = stack.webhooks().send(app.transaction("tx-1").bytes()).join();

        // Then
        assertThat(delivery.status()).isEqualTo(200);
        assertThat(poll).succeedsWithin(Duration.ofMinutes(1));
        assertThat(App.JSON
                        .readTree(poll.join().body())
                        .at("/messages/0/data/id")
                        .asString())
                .isEqualTo("tx-1");
    }

    @Test
    void webhook_waitsForThePollThatComesLater() {
        var app = stack.newApp();
        stack.webhooks().send(app.transaction("tx-1").bytes()).join();

        assertThat(app.receive(1).getFirst().path("id").asString()).isEqualTo("tx-1");
    }

    @Test
    void webhook_arrivesWithItsDataByteForByte() {
        // Given
        var app = stack.newApp();
        var data = "{ \"walletId\" : \"" + app.walletId() + "\",\t\"note\":\"Grüße \\u00e9 世界\", \"n\":1.10e-05 }";
        var body = WebhookBody.v2("embedded_wallet.asset.added")
                .walletId(app.walletId())
                .bytes();
        var envelope = new String(body, StandardCharsets.UTF_8);
        var sent = envelope.substring(0, envelope.indexOf("\"data\":") + 7) + data + "}";

        // When
        stack.webhooks().send(sent.getBytes(StandardCharsets.UTF_8)).join();

        // Then
        var answer = app.poll("{\"wait\":20}").join();
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("\"data\":" + data);
    }

    @Test
    void webhook_ofEverySampleIsAccepted() {
        // The vendor's documentation masks the workspaces of its own examples.
        var ours = Samples.v1("NCW_CREATED").json().path("tenantId").asString();

        assertThat(Samples.webhooks()).isNotEmpty().allSatisfy(sample -> {
            var body = WebhookBody.from(sample).workspaceId(ours).bytes();

            assertThat(stack.webhooks().send(body).join().status()).isEqualTo(200);
        });
    }

    @Test
    void deviceMessage_ofEachShapeReachesItsDevice() {
        assertThat(DeviceMessageForm.values()).allSatisfy(form -> {
            var app = stack.newApp();
            var body = WebhookBody.deviceMessage(form).walletId(app.walletId()).deviceId(app.deviceId());

            assertThat(stack.webhooks().send(body.bytes()).join().status()).isEqualTo(200);

            assertThat(app.receive(1)).hasSize(1);
        });
    }

    @Test
    void webhook_withAForgedSignatureIsRefused() {
        var app = stack.newApp();

        var delivery = stack.webhooks()
                .signedBy(stack.forgedKey())
                .send(app.transaction("tx-1").bytes())
                .join();

        assertThat(delivery.status()).isEqualTo(401);
    }

    @Test
    void thousandWebhooks_forFiftyDevicesArriveCompleteAndInOrder() {
        // Given
        int devices = 50;
        int each = 20;
        var apps = stack.newApps(devices);
        var expected = IntStream.range(0, each).mapToObj(Integer::toString).toList();

        // When: each device's webhooks one after the other, all devices at once
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var sent = new ArrayList<Future<List<Integer>>>();
            for (var app : apps) {
                sent.add(threads.submit(() -> expected.stream()
                        .map(number ->
                                stack.webhooks().send(app.transaction(number).bytes()))
                        .map(PendingDelivery::join)
                        .map(Delivery::status)
                        .toList()));
            }

            // Then
            var received = apps.stream()
                    .map(app -> threads.submit(() -> app.receive(each).stream()
                            .map(data -> data.path("id").asString())
                            .toList()))
                    .toList();
            assertThat(sent).allSatisfy(statuses -> assertThat(statuses.get()).containsOnly(200));
            assertThat(received).allSatisfy(ids -> assertThat(ids.get()).isEqualTo(expected));
        }
    }

    @Test
    void webhook_sentTwiceArrivesOnce() {
        var app = stack.newApp();
        var once = app.transaction("once").id(UUID.randomUUID().toString()).bytes();

        stack.webhooks().send(once).join();
        stack.webhooks().send(once).join();
        stack.webhooks().send(app.transaction("last").bytes()).join();

        assertThat(app.receive(2))
                .extracting(data -> data.path("id").asString())
                .containsExactly("once", "last");
    }
}
