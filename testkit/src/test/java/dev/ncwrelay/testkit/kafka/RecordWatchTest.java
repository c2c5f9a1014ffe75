package dev.ncwrelay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.schemas.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kafka")
class RecordWatchTest {

    private static final SharedStack STACK = SharedStack.get();
    private static final String DEVICE = "device-of-record-watch-test";

    @Test
    void record_isReportedWithItsPlace_andWithoutItsPayload() throws Exception {
        // Given
        Queue<WatchedRecord> found = new ConcurrentLinkedQueue<>();
        var completed = Instant.ofEpochMilli(1_700_000_000_123L);
        var reply = RpcReply.newBuilder()
                .setRequestId("r-1")
                .setDeviceId(DEVICE)
                .setOutcome(RpcOutcome.ANSWERED)
                .setStatus(200)
                .setBody(ByteBuffer.wrap(new byte[] {1}))
                .setCompletedAt(completed)
                .setUpstreamMillis(7)
                .build();
        var topic = Topics.RPC_REPLIES;
        try (var watch = RecordWatch.start(
                        STACK.connection().bootstrapServers(),
                        STACK.registry().connection().url(),
                        found::add);
                var producer = TestProducer.of(STACK.connection(), "record-watch-test")) {
            assertThat(watch.ready()).succeedsWithin(Duration.ofMinutes(1));

            // When
            producer.send(new ProducerRecord<>(topic.name(), DEVICE, new byte[] {9}))
                    .get();
            var written = producer.send(new ProducerRecord<>(
                            topic.name(), DEVICE, STACK.codec().encode(topic, reply)))
                    .get();

            // Then
            var expected = new WatchedRecord(
                    topic.name(),
                    written.partition(),
                    written.offset(),
                    Instant.ofEpochMilli(written.timestamp()),
                    Map.of(
                            "requestId",
                            "r-1",
                            "deviceId",
                            DEVICE,
                            "outcome",
                            "ANSWERED",
                            "status",
                            200,
                            "completedAt",
                            completed.toEpochMilli(),
                            "upstreamMillis",
                            7L));
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(found)
                            .filteredOn(record -> DEVICE.equals(record.fields().get("deviceId")))
                            .containsExactly(expected));
        }
    }
}
