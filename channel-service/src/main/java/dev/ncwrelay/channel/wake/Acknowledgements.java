package dev.ncwrelay.channel.wake;

import dev.ncwrelay.avro.DeviceCursor;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.tail.TailStart;
import dev.ncwrelay.kafka.tail.TopicTail;
import dev.ncwrelay.schemas.CursorRecords;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What all consumers of all devices have acknowledged, in memory: read from {@code ncw.device.cursors}, as delivery-service writes
 * and reads it. Look-ups never block.
 */
final class Acknowledgements implements AutoCloseable {

    private final Map<String, Position> positions = new ConcurrentHashMap<>();
    private final Clock clock;
    private final TopicTail<DeviceCursor> tail;

    /** @param record offset of the last record of this consumer */
    private record Position(int generation, long epoch, AckedOffsets acked, long record) {

        /** Acknowledgements of one ownership add up; of two generations or ownerships the later one stands. */
        private Position merge(Position read) {
            if (read.generation != generation || read.epoch > epoch) {
                return read;
            }
            return read.epoch < epoch
                    ? new Position(generation, epoch, acked, read.record)
                    : new Position(generation, epoch, acked.merge(read.acked), read.record);
        }
    }

    /** Starts reading. */
    Acknowledgements(KafkaConnection kafka, RecordCodec codec, DeadLetterSink deadLetters, Clock clock) {
        this.clock = clock;
        this.tail = TopicTail.start(
                Topics.DEVICE_CURSORS,
                new TailStart.Beginning(),
                kafka,
                "channel-" + Topics.DEVICE_CURSORS.name(),
                codec,
                deadLetters,
                this::apply);
    }

    /** What this consumer has acknowledged in this ownership and generation of the events topic. */
    AckedOffsets of(String deviceId, String consumer, long epoch, int generation) {
        var position = positions.get(CursorRecords.key(deviceId, consumer));
        return position == null || position.epoch() != epoch || position.generation() != generation
                ? AckedOffsets.NONE
                : position.acked();
    }

    /**
     * Waits until everything that was written to a partition before this call shows in look-ups.
     *
     * @param consumer asks for the end of the topic; its assignment stays as it is
     * @return false when it takes longer than the timeout
     */
    boolean awaitEnd(int partition, Consumer<?, ?> consumer, Duration timeout) throws InterruptedException {
        var cursors = new TopicPartition(Topics.DEVICE_CURSORS.name(), partition);
        long end = consumer.endOffsets(List.of(cursors)).getOrDefault(cursors, 0L);
        return tail.awaitOffset(partition, end - 1, timeout);
    }

    /** Why not everything is read, human-readable; empty when it is, and reading continues. */
    Optional<String> failure() {
        return tail.isCaughtUp()
                ? tail.failure()
                : Optional.of("acknowledgements not loaded yet"
                        + tail.failure().map(cause -> ": " + cause).orElse(""));
    }

    @Override
    public void close() {
        tail.close();
    }

    private void apply(@Nullable DeviceCursor cursor, ConsumerRecord<String, byte[]> record) {
        if (cursor == null) {
            long removedUpTo = CursorRecords.removedUpTo(record.headers()).orElse(Long.MAX_VALUE);
            positions.computeIfPresent(record.key(), (_, known) -> known.record() > removedUpTo ? known : null);
            return;
        }
        var now = clock.instant();
        // The clock of the writer may be ahead.
        var at = cursor.getUpdatedAt().isAfter(now) ? now : cursor.getUpdatedAt();
        var read = new Position(
                cursor.getGeneration(),
                cursor.getEpoch(),
                AckedOffsets.of(cursor.getPosition(), cursor.getAcknowledged(), at),
                record.offset());
        positions.merge(CursorRecords.key(cursor.getDeviceId(), cursor.getConsumer()), read, Position::merge);
    }
}
