package dev.ncwrelay.channel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kafka")
class ClientProducerTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    /** So that a record is on its way for a while. */
    private static final Map<String, String> SETTINGS = Map.of("linger.ms", "1500");

    private final KafkaConnection kafka = KafkaConnection.toDevelopmentBroker(
            SharedStack.get().connection().bootstrapServers(), LocalKafka.PARTITIONS, SETTINGS);
    private final ClientProducer producer = new ClientProducer(kafka, "test");
    private final String topic = "producer-" + UUID.randomUUID();

    @BeforeEach
    void createTopic() throws Exception {
        try (var admin = Admin.create(kafka.admin("test"))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
    }

    @AfterEach
    void close() {
        producer.close();
    }

    /** Several threads send. What one of them gives up is no reason to fail what the others send by a new producer. */
    @Test
    void abort_endsTheProducerOfItsRecordAlone() {
        // Given
        var first = producer.send(record());
        producer.abort(first);
        assertThat(first.outcome()).failsWithin(SOON);
        var second = producer.send(record());

        // When
        producer.abort(first);

        // Then
        assertThat(second.outcome()).succeedsWithin(SOON);
        assertThat(second.client()).isNotEqualTo(first.client());
        assertThat(producer.send(record()).client()).isEqualTo(second.client());
    }

    private ProducerRecord<String, byte[]> record() {
        return new ProducerRecord<>(topic, 0, "device", new byte[1]);
    }
}
