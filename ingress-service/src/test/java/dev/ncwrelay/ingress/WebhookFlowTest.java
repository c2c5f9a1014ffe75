package dev.ncwrelay.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.ingress.publish.LogReader;
import dev.ncwrelay.ingress.route.Devices;
import dev.ncwrelay.ingress.webhook.ApiDescription;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.samples.DeviceMessageForm;
import dev.ncwrelay.testkit.samples.Sample;
import dev.ncwrelay.testkit.samples.Samples;
import dev.ncwrelay.testkit.samples.WebhookBody;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From Fireblocks' POST to the log, over real HTTP, with a real broker and registry. */
@Tag("kafka")
class WebhookFlowTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final String SAMPLE_WALLET = "0f3a5a52-6f3b-4d0c-9d0e-5f6f1b0f6a11";
    private static final String SAMPLE_DEVICE = "f16e05e0-1869-4a6b-9678-17a1c14ed482";

    private static final SharedStack STACK = SharedStack.get();
    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();
    private static final RunningIngress INGRESS = RunningIngress.start(
                    FIREBLOCKS, STACK.connection(), "--relay.ingress.workspaces=" + sampleWorkspaces())
            .ready();
    private static final Devices DEVICES = new Devices(STACK.connection(), STACK.codec());
    private static final LogReader LOG = new LogReader(STACK.connection(), STACK.codec());

    private static final String WORKSPACE = "b03cc88e-f4f3-5af4-8a3f-cdbeffd71db6";

    private final String run = UUID.randomUUID().toString();

    @BeforeAll
    static void register() {
        DEVICES.register(INGRESS.devices(), "sample-wallets-device", SAMPLE_WALLET);
    }

    @AfterAll
    static void stop() {
        INGRESS.close();
        DEVICES.close();
        FIREBLOCKS.close();
    }

    static Stream<Sample> webhooks() {
        return Samples.webhooks().stream();
    }

    @ParameterizedTest
    @MethodSource("webhooks")
    void webhook_isPublishedToItsDestinations(Sample sample) {
        assertThat(post(sample.bytes())).isEqualTo(200);

        var data = sample.json().has("data")
                ? sample.json().get("data")
                : sample.json().get("message");
        if (sample.name().equals("v1-NCW_DEVICE_MESSAGE.nested-variant")) {
            data = data.get("data");
        }
        if (sample.eventType().equals("NCW_DEVICE_MESSAGE")) {
            assertOnStream(SAMPLE_DEVICE, sample.eventType(), data.toString());
        } else if (sample.text().contains(SAMPLE_WALLET)) {
            assertOnStream("sample-wallets-device", sample.eventType(), data.toString());
        } else {
            assertThat(LOG.records(Topics.WORKSPACE_EVENTS.name())).anySatisfy(record -> {
                var event = LOG.decode(Topics.WORKSPACE_EVENTS, record);
                assertThat(event.getEventType()).isEqualTo(sample.eventType());
                assertThat(event.getBody()).isEqualTo(ByteBuffer.wrap(sample.bytes()));
                assertThat(record.key())
                        .isEqualTo(event.getResourceId() == null ? event.getEventId() : event.getResourceId());
            });
        }
    }

    @Test
    void webhook_reachesEachDeviceOfAWalletOnce() {
        DEVICES.register(INGRESS.devices(), id("d1"), id("w1"));
        DEVICES.register(INGRESS.devices(), id("d2"), id("w1"));
        var body = WebhookBody.v2("transaction.created")
                .id(id("e"))
                .source(id("w1"))
                .destination(id("w1"));

        assertThat(post(body.bytes())).isEqualTo(200);

        for (var device : List.of("d1", "d2")) {
            assertThat(LOG.events(id(device)))
                    .singleElement()
                    .satisfies(event -> assertThat(event.getEventId()).isEqualTo(id("e")));
        }
    }

    @Test
    void webhook_ofTheReadme_reachesTheOtherDevicesByteForByte() throws IOException {
        DEVICES.register(INGRESS.devices(), "readme-device", "readme-wallet");
        DEVICES.register(INGRESS.devices(), "readme-new-device", "readme-wallet");
        var body =
                Files.readString(Path.of("README.md")).split("```json\n", -1)[1].split("```", -1)[0];

        assertThat(post(body.getBytes(UTF_8))).isEqualTo(200);

        assertThat(LOG.events("readme-device"))
                .singleElement()
                .satisfies(event -> assertThat(body)
                        .contains("\"data\": " + UTF_8.decode(event.getData().duplicate()) + "\n"));
        assertThat(LOG.events("readme-new-device")).isEmpty();
    }

    @Test
    void webhook_ofAWalletWithoutDevice_isKept() {
        var body = WebhookBody.v2("embedded_wallet.created").id(id("e")).walletId(id("w1"));
        assertThat(post(body.bytes())).isEqualTo(200);

        DEVICES.register(INGRESS.devices(), id("d1"), id("w1"));

        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(LOG.events(id("d1")))
                        .extracting(DeviceEvent::getEventId)
                        .containsExactly(id("e")));
    }

    @Test
    void webhook_atTheDemoPath_isPublishedWithItsTraceparent() {
        var body = deviceMessage();
        var trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var request = signed("/api/webhook", body).header("traceparent", trace);

        assertThat(INGRESS.send(request.build()).statusCode()).isEqualTo(200);

        assertThat(LOG.records(Topics.DEVICE_EVENTS.name(), id("d1")))
                .singleElement()
                .satisfies(record -> assertThat(
                                record.headers().lastHeader("traceparent").value())
                        .asString(UTF_8)
                        .isEqualTo(trace));
    }

    @Test
    void webhook_withANewKey_isAccepted() {
        var before = FIREBLOCKS.keys().current();
        FIREBLOCKS.keys().rotate();

        assertThat(post(deviceMessage())).isEqualTo(200);
        var byTheOldKey =
                FIREBLOCKS.webhooks().signedBy(before).to(webhookUrl()).send(deviceMessage());
        assertThat(byTheOldKey.join().status()).isEqualTo(200);
    }

    @Test
    void webhook_ifUnreadable_isADeadLetter() {
        var body = ("no JSON " + run).getBytes(UTF_8);

        assertThat(post(body)).isEqualTo(200);

        assertThat(LOG.records(Topics.WEBHOOK_DEAD_LETTERS))
                .anySatisfy(letter -> assertThat(letter.value()).isEqualTo(body));
    }

    @Test
    void webhook_ifRejected_isNotPublished() {
        var body = deviceMessage();
        var unsigned = HttpRequest.newBuilder(webhookUrl())
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        var changed = signed("/webhooks/fireblocks", body)
                .POST(BodyPublishers.ofByteArray(WebhookBody.deviceMessage(DeviceMessageForm.TOP_LEVEL)
                        .deviceId(id("d1"))
                        .content("{\"other\":1}")
                        .bytes()))
                .build();

        for (var request : List.of(unsigned, changed)) {
            var response = INGRESS.send(request);
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(response.body()).contains("urn:ncw-relay:problem:unverified-webhook");
        }
        assertThat(LOG.records(Topics.DEVICE_EVENTS.name(), id("d1"))).isEmpty();
    }

    @Test
    void webhook_ofAnotherWorkspace_isRejectedAndCounted() {
        var v2 = "{\"id\":\"%s\",\"eventType\":\"any\",\"workspaceId\":\"other\",\"tenantId\":\"%s\"}"
                .formatted(id("e"), WORKSPACE);
        var v1 = "{\"type\":\"any\",\"tenantId\":\"%s\",\"workspaceId\":\"%s\"}".formatted(id("other"), WORKSPACE);
        var none = "{\"id\":\"%s\",\"eventType\":\"any\"}".formatted(id("e"));
        var unreadable = "{\"id\":\"%s\",\"tenantId\":\"other\"}".formatted(id("e"));

        for (var body : List.of(v2, v1, none, unreadable)) {
            var response = INGRESS.send(
                    signed("/webhooks/fireblocks", body.getBytes(UTF_8)).build());
            assertThat(response.statusCode()).as(body).isEqualTo(401);
            assertThat(response.body()).contains("urn:ncw-relay:problem:other-workspace");
        }
        assertThat(LOG.records(Topics.WORKSPACE_EVENTS.name()))
                .noneSatisfy(record -> assertThat(record.key()).contains(run));
        assertThat(INGRESS.management("/actuator/prometheus").body())
                .containsPattern("relay_ingress_webhooks_seconds_count\\{.*result=\"other_workspace\".*} [1-9]");
    }

    @Test
    void webhook_ifRepeated_isPublishedOnce() {
        var body = deviceMessage();

        var both = List.of(
                FIREBLOCKS.webhooks().to(webhookUrl()).send(body),
                FIREBLOCKS.webhooks().to(webhookUrl()).send(body));
        assertThat(both).allSatisfy(one -> assertThat(one.join().status()).isEqualTo(200));
        assertThat(post(body)).isEqualTo(200);

        assertThat(LOG.records(Topics.DEVICE_EVENTS.name(), id("d1"))).hasSize(1);
        assertThat(INGRESS.management("/actuator/prometheus").body())
                .containsPattern("relay_ingress_webhooks_seconds_count\\{.*result=\"replayed\".*} [2-9]");
    }

    @Test
    void webhook_ofTheApiDescription_isAccepted() {
        for (var example : ApiDescription.read().webhooks("/webhooks/fireblocks")) {
            assertThat(post(example.toString().getBytes(UTF_8))).isEqualTo(200);
        }
    }

    @Test
    void webhook_isCountedByOutcome() {
        assertThat(post(deviceMessage())).isEqualTo(200);

        assertThat(INGRESS.management("/actuator/prometheus").body())
                .containsPattern("relay_ingress_webhooks_seconds_count\\{.*result=\"device_message\".*} [1-9]");
    }

    @Test
    void readiness_isUpWhenHealthy() {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(
                                INGRESS.management("/actuator/health/readiness").statusCode())
                        .isEqualTo(200));
    }

    private static void assertOnStream(String deviceId, String type, String data) {
        assertThat(LOG.records(Topics.DEVICE_EVENTS.name(), deviceId)).anySatisfy(record -> {
            var event = LOG.decode(Topics.DEVICE_EVENTS, record);
            assertThat(event.getEventType()).isEqualTo(type);
            assertThat(UTF_8.decode(event.getData().duplicate()).toString()).isEqualTo(data);
            assertThat(record.partition())
                    .isEqualTo(DevicePartition.of(deviceId, STACK.connection().partitions()));
        });
    }

    private byte[] deviceMessage() {
        return WebhookBody.deviceMessage(DeviceMessageForm.TOP_LEVEL)
                .deviceId(id("d1"))
                .bytes();
    }

    /** The workspace of the samples, and the placeholder in those of the documentation. */
    private static String sampleWorkspaces() {
        return Samples.webhooks().stream()
                .map(sample -> sample.json()
                        .path(sample.json().has("eventType") ? "workspaceId" : "tenantId")
                        .asString(WORKSPACE))
                .distinct()
                .collect(Collectors.joining(","));
    }

    private static int post(byte[] body) {
        return FIREBLOCKS.webhooks().to(webhookUrl()).send(body).join().status();
    }

    private static HttpRequest.Builder signed(String path, byte[] body) {
        var request = HttpRequest.newBuilder(INGRESS.url(path)).POST(BodyPublishers.ofByteArray(body));
        FIREBLOCKS.webhooks().sign(body).forEach(request::header);
        return request;
    }

    private static URI webhookUrl() {
        return INGRESS.url("/webhooks/fireblocks");
    }

    private String id(String name) {
        return name + "-" + run;
    }
}
