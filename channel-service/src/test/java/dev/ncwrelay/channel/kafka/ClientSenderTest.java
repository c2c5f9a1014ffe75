package dev.ncwrelay.channel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.testkit.kafka.KafkaCluster;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Topics of which a broker is away, on a cluster whose setting for new ones is two replicas in sync. */
@Tag("kafka")
@Tag("brokers")
class ClientSenderTest {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final int AWAY = 3;

    private final KafkaCluster brokers = KafkaCluster.start();
    private final KafkaConnection kafka = KafkaConnection.toDevelopmentBroker(
            brokers.bootstrapServers(),
            LocalKafka.PARTITIONS,
            Map.of("request.timeout.ms", "2000", "delivery.timeout.ms", "4000"));
    private final ClientCluster cluster = new ClientCluster(kafka, settings(kafka));
    private final ClientProducer producer = new ClientProducer(kafka, "test");
    private final ClientSender sender = new ClientSender(cluster, producer, Clock.systemUTC());
    private final Admin admin = Admin.create(kafka.admin("test"));

    @AfterEach
    void stop() {
        admin.close();
        producer.close();
        cluster.close();
        brokers.close();
    }

    /** An operator made it so, or it is from the time of another setting. */
    @Test
    void topicThatNeedsFewerReplicas_isHeldOnceAtMost_whileOthersAreSick() throws Exception {
        // Given
        create("sick", 2);
        create("fewer", 1);
        assertThat(send("sick")).isInstanceOf(Delivery.Acknowledged.class);
        brokers.broker(AWAY).kill();
        await().atMost(SOON).untilAsserted(() -> assertThat(inSync("fewer")).isEqualTo(1));
        assertThat(send("sick")).isInstanceOf(Delivery.Held.class);

        // When
        send("fewer");

        // Then
        for (int i = 0; i < 5; i++) {
            assertThat(send("fewer")).isInstanceOf(Delivery.Acknowledged.class);
        }
        assertThat(send("sick")).isInstanceOf(Delivery.Held.class);
    }

    @Test
    void topicThatBecomesSick_afterAnother_isHeldWithoutAnAttempt() throws Exception {
        // Given
        create("sick", 2);
        create("too", 2);
        brokers.broker(AWAY).kill();
        await().atMost(SOON).untilAsserted(() -> assertThat(inSync("too")).isEqualTo(1));
        assertThat(send("sick")).isInstanceOf(Delivery.Held.class);

        // When
        var delivery = send("too");

        // Then
        assertThat(delivery)
                .isInstanceOfSatisfying(
                        Delivery.Held.class, held -> assertThat(held.reason()).hasMessage("replicas in sync: 1"));
    }

    private void create(String topic, int minInsyncReplicas) throws Exception {
        var created = new NewTopic(topic, Map.of(0, List.of(1, AWAY)))
                .configs(Map.of("min.insync.replicas", Integer.toString(minInsyncReplicas)));
        admin.createTopics(List.of(created)).all().get();
    }

    private int inSync(String topic) {
        return cluster.replicas(List.of(new TopicPartition(topic, 0))).values().stream()
                .mapToInt(ClientCluster.Replicas::inSync)
                .sum();
    }

    private Delivery send(String topic) {
        return sender.send(List.of(new ProducerRecord<>(topic, 0, "device", new byte[1])))
                .getFirst();
    }

    static ClientKafkaSettings settings(KafkaConnection kafka) {
        return new ClientKafkaSettings(
                true,
                "group",
                1,
                kafka.bootstrapServers(),
                Map.of(),
                Duration.ofDays(7),
                (short) 2,
                (short) 2,
                null,
                true,
                "Client",
                false,
                Map.of(),
                "tenants",
                1);
    }
}
