package dev.ncwrelay.channel.forward;

import dev.ncwrelay.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads events again with a consumer without a group. For one thread. */
final class KafkaEventSource implements EventSource {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_EVENTS = 1_000;

    private final Consumer<String, byte[]> consumer;
    private final EventDecoder decoder;

    /** @param consumer closed by the caller */
    KafkaEventSource(Consumer<String, byte[]> consumer, EventDecoder decoder) {
        this.consumer = consumer;
        this.decoder = decoder;
    }

    @Override
    public Part read(int partition, long from, long end) {
        var topic = new TopicPartition(Topics.DEVICE_EVENTS.name(), partition);
        consumer.assign(List.of(topic));
        long start = consumer.beginningOffsets(List.of(topic)).getOrDefault(topic, 0L);
        consumer.seek(topic, Math.min(end, Math.max(from, start)));
        var events = new ArrayList<ForwardedEvent>();
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (consumer.position(topic) < end && events.size() < MAX_EVENTS) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("events not read for " + TIMEOUT.toSeconds() + " s");
            }
            for (var record : consumer.poll(POLL)) {
                if (record.offset() < end) {
                    decoder.decode(record).ifPresent(events::add);
                }
            }
        }
        return new Part(events, Math.min(end, consumer.position(topic)));
    }
}
