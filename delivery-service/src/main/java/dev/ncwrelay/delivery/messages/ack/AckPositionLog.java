package dev.ncwrelay.delivery.messages.ack;

import dev.ncwrelay.avro.DeviceCursor;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.schemas.CursorRecords;
import dev.ncwrelay.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Writes the records of positions on {@code ncw.device.cursors}. */
final class AckPositionLog {

    private static final String WRITER = "ncw-writer";

    private final RecordSender sender;
    private final String node;

    /** @param node distinguishes this node from all others that write */
    AckPositionLog(RecordSender sender, String node) {
        this.sender = sender;
        this.node = node;
    }

    /** Writes a position; completes with the record's offset. */
    CompletableFuture<Long> write(ConsumerKey key, int generation, AckPosition position, Instant now) {
        var cursor = new DeviceCursor(
                key.deviceId(),
                key.consumer(),
                generation,
                position.upTo(),
                List.copyOf(position.individual()),
                now,
                position.epoch());
        return sender.publish(Topics.DEVICE_CURSORS, key.deviceId(), key.text(), cursor, Map.of(WRITER, node))
                .thenApply(metadata -> metadata.offset());
    }

    /**
     * Writes the record that removes a consumer as of this offset: a later record, which the writer did not know, stays
     * valid. So a concurrent acknowledgement on any node is kept.
     */
    CompletableFuture<Long> writeRemoval(ConsumerKey key, long upTo) {
        return sender.remove(
                        Topics.DEVICE_CURSORS,
                        key.deviceId(),
                        key.text(),
                        Map.of(WRITER, node, CursorRecords.REMOVED_UP_TO, Long.toString(upTo)))
                .thenApply(metadata -> metadata.offset());
    }

    boolean isOwn(ConsumerRecord<String, byte[]> record) {
        var writer = record.headers().lastHeader(WRITER);
        return writer != null && new String(writer.value(), StandardCharsets.UTF_8).equals(node);
    }
}
