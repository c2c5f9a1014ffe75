package dev.ncwrelay.delivery.messages.ack;

import dev.ncwrelay.avro.DeviceCursor;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.Templates;
import dev.ncwrelay.testkit.time.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The positions topic, and nodes that write to it and read it, each at its own pace. One clock for all. */
final class SimulatedLog {

    static final int GENERATION = 5;

    private final RecordCodec codec = SharedStack.get().codec();
    private final List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    private final ConsumerSettings settings;
    private final MutableClock clock = new MutableClock(Instant.parse("2026-01-02T03:04:05Z"));

    SimulatedLog(ConsumerSettings settings) {
        this.settings = settings;
    }

    int size() {
        return records.size();
    }

    ProducerRecord<String, byte[]> record(int offset) {
        return records.get(offset);
    }

    void pass(Duration time) {
        clock.advance(time);
    }

    Instant now() {
        return clock.instant();
    }

    /** What compaction leaves: the last record of each key, at its offset. */
    List<Integer> compacted() {
        var last = new HashMap<String, Integer>();
        for (int offset = 0; offset < records.size(); offset++) {
            last.put(records.get(offset).key(), offset);
        }
        return last.values().stream().sorted().toList();
    }

    /** One node. */
    final class Node {

        final AckPositions positions;
        private final ArrayDeque<Runnable> answers = new ArrayDeque<>();
        private int next;

        Node(String name) {
            this(name, GENERATION);
        }

        Node(String name, int generation) {
            positions = new AckPositions(
                    new RecordSender(Templates.of(new LogProducer(answers)), codec, LocalKafka.PARTITIONS),
                    () -> generation,
                    name,
                    settings,
                    clock,
                    Runnable::run);
        }

        /** Completes the node's next write; false when there is none. */
        boolean hear() {
            var answer = answers.poll();
            if (answer != null) {
                answer.run();
            }
            return answer != null;
        }

        boolean readOne() {
            if (next == records.size()) {
                return false;
            }
            read(next++);
            return true;
        }

        void settle() {
            boolean busy = true;
            while (busy) {
                boolean heard = hear();
                busy = readOne() || heard;
            }
        }

        void read(int offset) {
            var record = records.get(offset);
            positions.read(
                    cursor(record),
                    new ConsumerRecord<>(
                            record.topic(),
                            record.partition(),
                            offset,
                            0,
                            TimestampType.CREATE_TIME,
                            0,
                            0,
                            record.key(),
                            record.value(),
                            record.headers(),
                            Optional.empty()));
        }
    }

    private @Nullable DeviceCursor cursor(ProducerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return null;
        }
        if (codec.decode(Topics.DEVICE_CURSORS, record.value()) instanceof Decoded.Value<DeviceCursor>(var cursor)) {
            return cursor;
        }
        throw new AssertionError("unreadable");
    }

    private final class LogProducer extends MockProducer<String, byte[]> {

        private final ArrayDeque<Runnable> answers;

        private LogProducer(ArrayDeque<Runnable> answers) {
            super(true, null, new StringSerializer(), new ByteArraySerializer());
            this.answers = answers;
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<String, byte[]> record, Callback callback) {
            int offset = records.size();
            records.add(record);
            var partition = new TopicPartition(record.topic(), record.partition());
            answers.add(() -> callback.onCompletion(new RecordMetadata(partition, offset, 0, 0, 0, 0), null));
            return new CompletableFuture<>();
        }
    }
}
