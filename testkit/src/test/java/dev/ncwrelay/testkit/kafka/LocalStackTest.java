package dev.ncwrelay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.Device;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kafka")
@Tag("fixtures")
class LocalStackTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @Test
    void broker_keepsItsDataAcrossRestart() throws Exception {
        try (var kafka = LocalKafka.start()) {
            // Given
            var partition = new TopicPartition(Topics.DEVICES.name(), DevicePartition.of("device", 12));
            var codec = SharedStack.get().codec();
            var device = new Device("device", "wallet", "user", null, Instant.EPOCH, Instant.EPOCH, 0L, 0L, -1L);
            try (var producer = TestProducer.of(kafka.connection(), "test")) {
                var bytes = codec.encode(Topics.DEVICES, device);
                producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), "device", bytes))
                        .get();
            }

            // When
            kafka.stop();
            kafka.restart();

            // Then
            try (var consumer =
                    new KafkaConsumer<String, byte[]>(kafka.connection().consumer("test"))) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                var records = consumer.poll(Duration.ofSeconds(20));
                assertThat(records).hasSize(1);
                assertThat(codec.decode(
                                Topics.DEVICES, records.iterator().next().value()))
                        .isEqualTo(new Decoded.Value<>(device));
            }
        }
    }

    @Test
    void pausedBroker_acceptsConnections_andAnswersWhenItIsResumed() throws Exception {
        try (var kafka = LocalKafka.startPausable();
                var admin = Admin.create(kafka.connection().admin("test"))) {
            // Given
            kafka.pause();

            // When
            new Socket(InetAddress.getLoopbackAddress(), kafka.port()).close();
            var nodes = admin.describeCluster().nodes();

            // Then
            assertThat(nodes.toCompletionStage())
                    .failsWithin(TIMEOUT)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(TimeoutException.class);
            kafka.resume();
            assertThat(admin.describeCluster().nodes().toCompletionStage()).succeedsWithin(TIMEOUT);
        }
    }

    @Test
    void topics_haveTheirPartitionsAndPolicies() throws Exception {
        try (var admin = Admin.create(
                Map.of("bootstrap.servers", SharedStack.get().connection().bootstrapServers()))) {
            var names = Topics.all().stream().map(topic -> topic.name()).toList();
            var topics = admin.describeTopics(names).allTopicNames().get();
            assertThat(topics.values())
                    .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(12));
        }
    }
}
