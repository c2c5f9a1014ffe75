package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.delivery.RunningDelivery.Reply;
import dev.ncwrelay.kafka.tail.LogReader;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.kafka.AclTrial;
import dev.ncwrelay.testkit.kafka.SecuredKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka.Listener;
import dev.ncwrelay.testkit.kafka.TestProducer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * The service with a client certificate and exactly the ACLs of docs/security-kafka.md. Each is taken away for a while, in
 * which events, acknowledgements, calls, look-ups, registrations, subscriptions to a channel and locations of passphrases
 * arrive, and records that are unreadable.
 */
@Tag("kafka")
@Tag("brokers")
@ExtendWith(OutputCaptureExtension.class)
class KafkaAccessTest {

    private static final List<Topic<?>> TAILED = List.of(
            Topics.DEVICE_EVENTS,
            Topics.DEVICE_CURSORS,
            Topics.DEVICES,
            Topics.RPC_REPLIES,
            Topics.DEVICE_CHANNELS,
            Topics.CHANNEL_STATES,
            Topics.PASSPHRASES);

    /** So large that the ring has the newest two, and the mailbox the others. */
    private static final String DATA = "{\"large\":\"" + "x".repeat(20_000) + "\"}";

    private final FakeFireblocks fireblocks = FakeFireblocks.start();
    private final SecuredKafka kafka = SecuredKafka.start(fireblocks.oidc()).withTopics();
    private final KafkaProducer<String, byte[]> administrator = TestProducer.of(kafka.connection(), "test");
    private final List<String> received = new ArrayList<>();
    private String position = "earliest";
    private String acknowledgedPosition = "";
    private int steps;

    @AfterEach
    void stop() {
        administrator.close();
        kafka.close();
        fireblocks.close();
    }

    @Test
    void everyAcl_isNeeded_andNothingIsLostWithoutIt(CapturedOutput output) throws Exception {
        // Given
        kafka.run("Client certificates");
        kafka.run("delivery-service");
        kafka.run("Channels");
        kafka.run("Demo API");
        var acls = kafka.aclsOf("User:delivery-service");
        kafka.revoke(acls);
        try (var _ = FakeRpcService.start(
                        kafka.connection(),
                        (service, request, _) ->
                                service.reply(request, RpcOutcome.ANSWERED, 200, FakeRpcService.payload(request)));
                var delivery = RunningDelivery.beginOn(
                        kafka.connection(),
                        "spring.config.additional-location=file:" + kafka.settings("Client certificate", "mtls.yaml"),
                        "spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(Listener.MTLS),
                        "relay.kafka.access-check-interval=100ms",
                        // Without the group, the mailboxes fail when their session has timed out.
                        "spring.kafka.streams.properties.session.timeout.ms=2000",
                        "spring.kafka.streams.properties.heartbeat.interval.ms=200",
                        "relay.delivery.channel.rabbitmq.url=" + RunningDelivery.RABBITMQ,
                        "relay.delivery.demo-api.enabled=true",
                        "relay.delivery.feed.max-bytes=480KB",
                        "relay.delivery.mailbox.state-dir=" + kafka.folder().resolve("mailbox"))) {
            var trial = new AclTrial(
                    kafka,
                    acls,
                    () -> delivery.management("/actuator/health/readiness").text(),
                    output::getOut);

            // When
            trial.start();
            var device = delivery.device();
            trial.eachAlone(missing -> use(delivery, device, missing));

            // Then
            await().dontCatchUncaughtExceptions().untilAsserted(() -> {
                receive(delivery, device);
                assertThat(received).isEqualTo(all(step -> "event-" + step));
            });
            await().dontCatchUncaughtExceptions()
                    .untilAsserted(
                            () -> assertThat(delivery.poll(device, "{\"wait\":0,\"after\":\"earliest\",\"limit\":100}")
                                            .ids())
                                    .isEqualTo(received));
            assertThat(acknowledge(delivery, device).status()).isEqualTo(204);
            for (int step = 0; step < steps; step++) {
                assertThat(delivery.register("device-" + step).status()).isIn(200, 201);
                assertThat(call(delivery, device, step).status()).isIn(200, 202);
            }
            assertThat(subscribe(delivery, device).status()).isIn(200, 201);
            assertThat(report(delivery, 0).status()).isEqualTo(200);
            await().dontCatchUncaughtExceptions()
                    .untilAsserted(() -> assertThat(all(step -> delivery.get(path(device, "/rpc/call-" + step))
                                    .text()))
                            .isEqualTo(all(Integer::toString)));
            await().dontCatchUncaughtExceptions()
                    .untilAsserted(() -> assertThat(TAILED)
                            .allSatisfy(topic -> assertThat(values(topic.deadLetters()))
                                    .containsAll(all(KafkaAccessTest::unreadable))));
        }
    }

    private void use(RunningDelivery delivery, String device, AclTrial.Missing missing) {
        int step = steps++;
        delivery.write(device, "event-" + step, "transaction.status.updated", null, Instant.now(), DATA);
        TAILED.forEach(topic -> {
            var value = unreadable(step).toArray();
            var _ = administrator.send(new ProducerRecord<>(topic.name(), 0, "unreadable-" + step, value));
        });
        receive(delivery, device);
        if (missing.isWrite(Topics.DEVICE_CURSORS.name())) {
            // One that is stored already is not written again.
            await().until(() -> {
                receive(delivery, device);
                return !position.equals(acknowledgedPosition);
            });
        }

        int acknowledged = acknowledge(delivery, device).status();
        int called = call(delivery, device, step).status();
        int lookedUp = delivery.get(path(device, "/rpc/unknown-" + step)).status();
        int registered = delivery.register("device-" + step).status();
        var changed = List.of(
                subscribe(delivery, device).status(),
                delivery.delete(path(device, "/channels/rabbitmq")).status());

        int reported = report(delivery, step).status();

        if (missing.isWrite(Topics.DEVICE_CURSORS.name())) {
            assertThat(acknowledged).isEqualTo(503);
        } else if (missing.isWrite(Topics.RPC_REQUESTS.name())) {
            assertThat(called).isEqualTo(503);
        } else if (missing.isRead(Topics.RPC_REQUESTS.name())) {
            assertThat(lookedUp).isEqualTo(503);
        } else if (missing.isWrite(Topics.DEVICES.name())) {
            assertThat(registered).isEqualTo(503);
        } else if (missing.isWrite(Topics.DEVICE_CHANNELS.name())) {
            assertThat(changed).contains(503);
        } else if (missing.isWrite(Topics.PASSPHRASES.name())) {
            assertThat(reported).isEqualTo(503);
        } else if (!missing.isRead("ncw-delivery-mailbox-") || missing.isGroup()) {
            missing.awaitFailureOfAClient();
        }
    }

    /** Continues where the last poll has ended. */
    private void receive(RunningDelivery delivery, String device) {
        var poll = delivery.poll(device, "{\"wait\":0,\"after\":\"" + position + "\"}");
        if (poll.status() == 200) {
            received.addAll(poll.ids());
            position = poll.next();
        }
    }

    private Reply acknowledge(RunningDelivery delivery, String device) {
        var reply = delivery.post(path(device, "/acks"), "{\"ack\":\"" + position + "\"}");
        if (reply.status() == 204) {
            acknowledgedPosition = position;
        }
        return reply;
    }

    /** Where a user keeps a passphrase, each time another user. */
    private static Reply report(RunningDelivery delivery, int step) {
        return delivery.exchange(
                "POST", "/api/passphrase/p-1", "{\"location\":\"iCloud\"}", delivery.token("user-of-step-" + step));
    }

    private static Reply subscribe(RunningDelivery delivery, String device) {
        return delivery.exchange("PUT", path(device, "/channels/rabbitmq"), "{}", delivery.token(RunningDelivery.USER));
    }

    /** Also repeats a call. */
    private static Reply call(RunningDelivery delivery, String device, int step) {
        var token = delivery.token(RunningDelivery.USER);
        return delivery.send(delivery.request("POST", path(device, "/rpc"), "{\"message\":\"" + step + "\"}", token)
                        .header("Prefer", "respond-async")
                        .header("Request-Id", "call-" + step)
                        .build())
                .join();
    }

    private static String path(String device, String rest) {
        return "/v1/devices/" + device + rest;
    }

    private static Bytes unreadable(int step) {
        return Bytes.utf8("unreadable " + step);
    }

    private <T> List<T> all(IntFunction<T> ofStep) {
        return IntStream.range(0, steps).mapToObj(ofStep).toList();
    }

    private List<Bytes> values(String topic) {
        var values = new ArrayList<Bytes>();
        try (var consumer = new KafkaConsumer<String, byte[]>(kafka.connection().shortLivedConsumer("test"))) {
            var partitions = List.of(new TopicPartition(topic, 0));
            new LogReader(consumer).readAll(partitions, record -> values.add(Bytes.of(record.value())));
        }
        return values;
    }
}
