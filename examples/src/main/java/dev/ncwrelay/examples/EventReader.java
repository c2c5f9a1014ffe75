package dev.ncwrelay.examples;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads all events, as a backend does that works with them itself, and prints a line for each: partition, offset, device,
 * type, id. Each event is processed at least once, and those of a device in their order.
 *
 * <p>Arguments: a file with the settings of a Kafka consumer ({@code bootstrap.servers}, {@code group.id}, how to log in), and
 * the URL of the schema registry.
 */
public final class EventReader {

    private static final Duration MAX_WAIT = Duration.ofSeconds(1);

    private final Consumer<String, byte[]> consumer;
    private final RecordCodec codec;

    private EventReader(Consumer<String, byte[]> consumer, RecordCodec codec) {
        this.consumer = consumer;
        this.codec = codec;
    }

    /** Reads until the process is told to stop. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (var consumer = new KafkaConsumer<String, byte[]>(config(Path.of(arguments[0])));
                var codec = new RecordCodec(RegistryConnection.at(URI.create(arguments[1])))) {
            var thread = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(consumer, thread)));
            new EventReader(consumer, codec).run();
        } catch (WakeupException _) {
            // Told to stop: what is not committed is read again.
        }
    }

    private void run() throws InterruptedException {
        consumer.subscribe(List.of(Topics.DEVICE_EVENTS.name()));
        while (true) {
            boolean complete = processAll();
            // After processing: a crash in between repeats events, and loses none.
            consumer.commitSync();
            if (!complete) {
                Thread.sleep(MAX_WAIT);
            }
        }
    }

    /** False when a part could not be processed, which the next call reads again. */
    private boolean processAll() {
        boolean complete = true;
        var records = consumer.poll(MAX_WAIT);
        for (var partition : records.partitions()) {
            for (var record : records.records(partition)) {
                if (!process(record)) {
                    consumer.seek(partition, record.offset());
                    complete = false;
                    break;
                }
            }
        }
        return complete;
    }

    private boolean process(ConsumerRecord<String, byte[]> record) {
        switch (codec.decode(Topics.DEVICE_EVENTS, record.value())) {
            case Decoded.Value<DeviceEvent>(var event) -> work(record, event);
            case Decoded.Unreadable<DeviceEvent>(var reason) ->
                System.err.printf("%d %d skipped: %s%n", record.partition(), record.offset(), reason);
            case Decoded.RegistryDown<DeviceEvent>(var reason) -> {
                System.err.println("waiting for the schema registry: " + reason);
                return false;
            }
        }
        return true;
    }

    /** A backend's own work is here. It must do nothing the second time an event id comes. */
    private static void work(ConsumerRecord<String, byte[]> record, DeviceEvent event) {
        var data = StandardCharsets.UTF_8.decode(event.getData().duplicate());
        System.out.printf(
                "%d %d %s %s %s %d characters%n",
                record.partition(),
                record.offset(),
                record.key(),
                event.getEventType(),
                event.getEventId(),
                data.length());
    }

    private static Properties config(Path file) throws IOException {
        var config = new Properties();
        // Otherwise the first start begins at the end of the log.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        try (var settings = Files.newBufferedReader(file)) {
            config.load(settings);
        }
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return config;
    }

    private static void stop(Consumer<?, ?> consumer, Thread reader) {
        consumer.wakeup();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
