package dev.ncwrelay.bench.measure;

import dev.ncwrelay.bench.load.Latencies;
import dev.ncwrelay.bench.load.OpenLoop;
import dev.ncwrelay.bench.load.Schedule;
import dev.ncwrelay.bench.load.Tally;
import dev.ncwrelay.bench.system.RunningSystem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;

/**
 * The lowest latency of a record over this broker at this moment: one bare producer, with the services' settings,
 * and one bare consumer. Runs beside what is measured, so that both meet the same machine.
 */
final class Floor implements AutoCloseable {

    private static final String TOPIC = "bench.floor";
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int GRACE_SECONDS = 10;

    private final List<byte[]> records;
    private final Tally tally;
    private final OpenLoop loop;
    private final KafkaProducer<Integer, byte[]> producer;
    private final KafkaConsumer<Integer, byte[]> consumer;
    private final Thread producing = Thread.ofPlatform().name("floor-producer").unstarted(this::produce);
    private final Thread consuming = Thread.ofPlatform().name("floor-consumer").unstarted(this::consume);

    private Floor(String bootstrapServers, Schedule schedule, List<byte[]> records) {
        this.records = List.copyOf(records);
        this.tally = new Tally(schedule);
        this.loop = new OpenLoop(schedule, this::send);
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", 0, "compression.type", "lz4"),
                new IntegerSerializer(),
                new ByteArraySerializer());
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", false),
                new IntegerDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Creates its topic, with as many partitions as the system's. */
    static void prepare(RunningSystem system) throws InterruptedException {
        try (var admin = Admin.create(Map.of("bootstrap.servers", system.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(system.partitions()), Optional.empty())))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker refuses the topic of the floor", e);
        }
    }

    /** Begins to read at once and to send as the schedule says, these records in turn. */
    static Floor start(RunningSystem system, Schedule schedule, List<byte[]> records) {
        var floor = new Floor(system.bootstrapServers(), schedule, records);
        var partitions = IntStream.range(0, system.partitions())
                .mapToObj(number -> new TopicPartition(TOPIC, number))
                .toList();
        floor.consumer.assign(partitions);
        floor.consumer.seekToBeginning(partitions);
        floor.consuming.start();
        floor.producing.start();
        return floor;
    }

    /** What it found, once all has been sent and has had time to arrive. */
    Tally finish() throws InterruptedException {
        producing.join();
        Completion.await(tally, GRACE_SECONDS);
        return tally;
    }

    Latencies lateness() {
        return loop.lateness();
    }

    int sent() {
        return loop.sent();
    }

    @Override
    public void close() {
        producing.interrupt();
        consumer.wakeup();
        producer.close(Duration.ofSeconds(1));
    }

    private void produce() {
        loop.run();
    }

    private void send(int index) {
        var _ = producer.send(new ProducerRecord<>(TOPIC, index, records.get(index % records.size())), (_, failure) -> {
            if (failure != null) {
                tally.failed("Kafka refused a record: " + failure);
            }
        });
    }

    private void consume() {
        try (consumer) {
            while (!Thread.currentThread().isInterrupted()) {
                var batch = consumer.poll(POLL);
                long now = System.nanoTime();
                batch.forEach(found -> tally.arrived(found.key(), now));
            }
        } catch (WakeupException e) {
            // It is closed.
        }
    }
}
