package dev.ncwrelay.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.Device;
import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.avro.WorkspaceEvent;
import dev.ncwrelay.ingress.publish.LogReader;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.kafka.AclTrial;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka.Listener;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.TestProducer;
import dev.ncwrelay.testkit.samples.DeviceMessageForm;
import dev.ncwrelay.testkit.samples.WebhookBody;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * The service with a password (SCRAM) and exactly the ACLs of docs/security-kafka.md. Each is taken away for a while, in
 * which webhooks of every kind arrive, wallets get devices, and records are unreadable.
 */
@Tag("kafka")
@Tag("brokers")
@ExtendWith(OutputCaptureExtension.class)
class KafkaAccessTest {

    private final FakeFireblocks fireblocks = FakeFireblocks.start();
    private final SecuredKafka kafka = SecuredKafka.start(fireblocks.oidc()).withTopics();
    private final KafkaProducer<String, byte[]> administrator = TestProducer.of(kafka.connection(), "test");
    private final RecordCodec codec = SharedStack.get().codec();
    private final LogReader log = new LogReader(kafka.connection(), codec);
    private final List<Bytes> refused = new ArrayList<>();
    private int steps;

    @AfterEach
    void stop() {
        administrator.close();
        kafka.close();
        fireblocks.close();
    }

    @Test
    void everyAcl_isNeeded_andNothingIsLostWithoutIt(CapturedOutput output) {
        // Given
        kafka.run("ingress-service");
        var acls = kafka.aclsOf("User:ingress-service");
        kafka.revoke(acls);
        try (var ingress = RunningIngress.start(
                fireblocks,
                KafkaConnection.to(kafka.bootstrapServers(Listener.INTERNAL), LocalKafka.PARTITIONS),
                "--spring.config.additional-location=file:" + kafka.settings("SCRAM", "scram.yaml"),
                // Without the group, a consumer fails when its session has timed out.
                "--spring.kafka.consumer.properties.session.timeout.ms=2000",
                "--spring.kafka.consumer.properties.heartbeat.interval.ms=200",
                "--relay.kafka.access-check-interval=100ms")) {
            var trial = new AclTrial(
                    kafka,
                    acls,
                    () -> ingress.management("/actuator/health/readiness").body(),
                    output::getOut);

            // When
            trial.start();
            ingress.ready();
            trial.eachAlone(missing -> use(ingress, missing));

            // Then
            assertThat(refused)
                    .allSatisfy(body -> assertThat(post(ingress, body)).isEqualTo(200));
            await().untilAsserted(this::assertNothingIsLost);
        }
    }

    private void use(RunningIngress ingress, AclTrial.Missing missing) {
        int step = steps++;
        boolean isRefused = false;
        for (var webhook : webhooks(step)) {
            int status = post(ingress, webhook.body());
            if (status == 503) {
                isRefused = true;
                refused.add(webhook.body());
            }
            assertThat(status)
                    .as("webhook to %s without %s", webhook.topic(), missing)
                    .isEqualTo(missing.isWrite(webhook.topic()) ? 503 : 200);
        }
        send(Topics.WALLET_UNROUTED.name(), "wallet-" + step, unreadable(step));
        send(Topics.DEVICES.name(), "unreadable-" + step, unreadable(step));
        register("device-" + step, "wallet-" + step);
        if (missing.isWrite(Topics.WORKSPACE_EVENTS.name())) {
            assertThat(ingress.management("/actuator/health/readiness").statusCode())
                    .as("instances that accept other webhooks")
                    .isEqualTo(200);
        }
        if (!isRefused) {
            missing.awaitFailureOfAClient();
        }
    }

    /** A webhook and the topic that it is published to. */
    private record Webhook(String topic, Bytes body) {}

    private static List<Webhook> webhooks(int step) {
        var message = WebhookBody.deviceMessage(DeviceMessageForm.TOP_LEVEL)
                .deviceId("device")
                .content("{\"step\":" + step + "}");
        var kept = WebhookBody.v2("embedded_wallet.created").id("kept-" + step).walletId("wallet-" + step);
        var notice = WebhookBody.v2("vault_account.asset.added").id("notice-" + step);
        return List.of(
                new Webhook(Topics.DEVICE_EVENTS.name(), Bytes.of(message.bytes())),
                new Webhook(Topics.WALLET_UNROUTED.name(), Bytes.of(kept.bytes())),
                new Webhook(Topics.WORKSPACE_EVENTS.name(), Bytes.of(notice.bytes())),
                new Webhook(Topics.WEBHOOK_DEAD_LETTERS, unreadable(step)));
    }

    private static Bytes unreadable(int step) {
        return Bytes.utf8("unreadable " + step);
    }

    private void assertNothingIsLost() {
        var all = IntStream.range(0, steps).boxed().toList();
        assertThat(log.events("device"))
                .extracting(event -> Bytes.of(event.getData().array()))
                .containsAll(all.stream()
                        .map(step -> Bytes.utf8("{\"step\":" + step + "}"))
                        .toList());
        assertThat(all)
                .allSatisfy(step -> assertThat(log.events("device-" + step))
                        .extracting(DeviceEvent::getEventId)
                        .contains("kept-" + step));
        assertThat(log.records(Topics.WORKSPACE_EVENTS.name()))
                .extracting(record -> log.decode(Topics.WORKSPACE_EVENTS, record))
                .extracting(WorkspaceEvent::getEventId)
                .containsAll(all.stream().map(step -> "notice-" + step).toList());
        for (var topic : List.of(
                Topics.WEBHOOK_DEAD_LETTERS, Topics.WALLET_UNROUTED.deadLetters(), Topics.DEVICES.deadLetters())) {
            assertThat(log.records(topic))
                    .extracting(record -> Bytes.of(record.value()))
                    .containsAll(all.stream().map(KafkaAccessTest::unreadable).toList());
        }
    }

    private void register(String deviceId, String walletId) {
        var device = new Device(deviceId, walletId, "user", null, Instant.EPOCH, Instant.EPOCH, 0L, 0L, -1L);
        send(Topics.DEVICES.name(), deviceId, Bytes.of(codec.encode(Topics.DEVICES, device)));
    }

    private void send(String topic, String key, Bytes value) {
        int partition = DevicePartition.of(key, LocalKafka.PARTITIONS);
        assertThat(administrator.send(new ProducerRecord<>(topic, partition, key, value.toArray())))
                .succeedsWithin(Duration.ofMinutes(1));
    }

    private int post(RunningIngress ingress, Bytes body) {
        return fireblocks
                .webhooks()
                .to(ingress.url("/webhooks/fireblocks"))
                .send(body.toArray())
                .join()
                .status();
    }
}
