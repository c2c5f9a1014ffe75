package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.tail.LogReader;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.AclTrial;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka.Listener;
import dev.ncwrelay.testkit.kafka.TestProducer;
import dev.ncwrelay.testkit.rabbitmq.LocalRabbitMq;
import dev.ncwrelay.testkit.rabbitmq.RabbitMqNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
 * The service by SCRAM with exactly the ACLs of docs/security-kafka.md. Each is taken away for a while, in which an event
 * arrives, another device subscribes, and records are unreadable.
 */
@Tag("kafka")
@Tag("brokers")
@ExtendWith(OutputCaptureExtension.class)
class KafkaAccessTest {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final List<Topic<?>> TAILED = List.of(Topics.DEVICES, Topics.DEVICE_CHANNELS, Topics.CHANNEL_STATES);

    private final FakeFireblocks fireblocks = FakeFireblocks.start();
    private final SecuredKafka kafka = SecuredKafka.start(fireblocks.oidc()).withTopics();
    private final KafkaProducer<String, byte[]> administrator = TestProducer.of(kafka.connection(), "test");
    private final KafkaDevices devices = new KafkaDevices(kafka.connection(), "rabbitmq");
    private final List<String> published = new ArrayList<>();
    private final List<String> subscribed = new ArrayList<>();

    @AfterEach
    void stop() {
        devices.close();
        administrator.close();
        kafka.close();
        fireblocks.close();
    }

    @Test
    void everyAcl_isNeeded_andNothingIsLostWithoutIt(CapturedOutput output) throws Exception {
        assumeTrue(LocalRabbitMq.isInstalled(), "RabbitMQ is not installed: apt-get install rabbitmq-server");
        // Given
        kafka.run("channel-service");
        var acls = kafka.aclsOf("User:channel-service");
        kafka.revoke(acls);
        var address = KafkaConnection.to(kafka.bootstrapServers(Listener.INTERNAL), LocalKafka.PARTITIONS);
        try (var rabbit = LocalRabbitMq.start(null);
                var service = RunningChannel.begin(
                        fireblocks,
                        address,
                        "--relay.channel.rabbitmq.enabled=true",
                        "--spring.rabbitmq.addresses=127.0.0.1:" + rabbit.port(),
                        "--server.port=0",
                        "--spring.config.additional-location=file:" + kafka.settings("SCRAM", "scram.yaml"),
                        "--relay.kafka.access-check-interval=100ms")) {
            var trial =
                    new AclTrial(kafka, acls, () -> service.management("/actuator/health/readiness"), output::getOut);

            // When
            trial.start();
            var device = devices.register("alice");
            devices.subscribe(device, 1);
            awaitActive(device);
            trial.eachAlone(missing -> {
                use(device);
                missing.awaitFailureOfAClient();
            });

            // Then
            try (var client = RabbitClient.connect(rabbit, RabbitMqNode.USER, RabbitMqNode.PASSWORD)) {
                client.consume(devices.queue(device));
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(client.ids()).isEqualTo(published));
            }
            subscribed.forEach(this::awaitActive);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(TAILED)
                            .allSatisfy(topic ->
                                    assertThat(values(topic.deadLetters())).containsAll(published)));
        }
    }

    private void use(String device) {
        var id = "event-" + published.size();
        published.add(id);
        TAILED.forEach(topic -> {
            var value = id.getBytes(StandardCharsets.UTF_8);
            var _ = administrator.send(new ProducerRecord<>(topic.name(), 0, device + "\0unreadable\0", value));
        });
        devices.publish(device, id, "{}").join();
        var another = devices.register("alice");
        devices.subscribe(another, 1);
        subscribed.add(another);
    }

    private void awaitActive(String device) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(devices.state(device))
                        .hasValueSatisfying(
                                state -> assertThat(state.getState()).isEqualTo("active")));
    }

    private List<String> values(String topic) {
        var values = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<String, byte[]>(kafka.connection().shortLivedConsumer("test"))) {
            var partitions = List.of(new TopicPartition(topic, 0));
            new LogReader(consumer)
                    .readAll(partitions, record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
        }
        return values;
    }
}
