package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The limits and costs of named consumers. */
@Tag("kafka")
class ConsumersFlowTest {

    private final RunningDelivery delivery = RunningDelivery.shared();

    @Test
    void acks_ofTooManyConsumers_areRejected_andOthersStillWork() {
        var device = delivery.device();
        delivery.publish(device, "event", "{}");
        var cursor = delivery.poll(device, "{\"wait\":20}").next();
        for (int name = 0; name < 16; name++) {
            assertThat(ack(device, "name-" + name, cursor).join().status()).isEqualTo(204);
        }

        var refused = ack(device, "another", cursor).join();

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("too-many-consumers").contains("at most 16 named consumers");
        assertThat(ack(device, "name-3", cursor).join().status()).isEqualTo(204);
        assertThat(delivery.post("/v1/devices/" + device + "/acks", "{\"ack\":\"" + cursor + "\"}")
                        .status())
                .isEqualTo(204);
    }

    @Test
    void concurrentAcks_writeNoMoreRecordsThanResponses() {
        var device = delivery.device();
        var ids = IntStream.range(0, 20 * 15).mapToObj(one -> "event-" + one).toList();
        ids.forEach(id -> delivery.publish(device, id, "{}"));
        var cursors = new HashMap<String, String>();
        var next = "earliest";
        while (cursors.size() < ids.size()) {
            var poll = delivery.poll(device, "{\"wait\":20,\"limit\":100,\"after\":\"" + next + "\"}");
            poll.json()
                    .path("messages")
                    .forEach(message -> cursors.put(
                            message.path("id").asString(),
                            message.path("cursor").asString()));
            next = poll.next();
        }

        var ackers = IntStream.range(0, 20)
                .mapToObj(acker -> CompletableFuture.supplyAsync(
                        () -> IntStream.range(0, 15)
                                .filter(one ->
                                        ack(device, "phone", cursors.getOrDefault("event-" + (one * 20 + acker), ""))
                                                        .join()
                                                        .status()
                                                == 204)
                                .count(),
                        task -> Thread.ofVirtual().start(task)))
                .toList();
        long answers = ackers.stream().mapToLong(CompletableFuture::join).sum();

        assertThat(answers).isEqualTo(300);
        assertThat(records(device)).isBetween(1L, answers);
    }

    private CompletableFuture<RunningDelivery.Reply> ack(String device, String consumer, String cursor) {
        return delivery.send(delivery.request(
                        "POST",
                        "/v1/devices/" + device + "/acks",
                        "{\"consumer\":\"" + consumer + "\",\"ack\":\"" + cursor + "\"}",
                        delivery.token(RunningDelivery.USER))
                .build());
    }

    /** The records of the device's positions in Kafka. */
    private long records(String device) {
        var partition =
                new TopicPartition(Topics.DEVICE_CURSORS.name(), DevicePartition.of(device, LocalKafka.PARTITIONS));
        try (var consumer =
                new KafkaConsumer<String, byte[]>(delivery.connection().consumer("consumers-flow-test"))) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long found = 0;
            while (consumer.position(partition) < end) {
                found += Stream.of(consumer.poll(Duration.ofMillis(200)))
                        .flatMap(records -> records.records(partition).stream())
                        .filter(record -> record.key().startsWith(device + "\0"))
                        .count();
            }
            return found;
        }
    }
}
