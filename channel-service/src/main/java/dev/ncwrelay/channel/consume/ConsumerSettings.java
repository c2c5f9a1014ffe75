package dev.ncwrelay.channel.consume;

import java.util.Map;

/**
 * How events are read for a kind of channel.
 *
 * @param kind of channel
 * @param group the consumer group shared by all instances
 * @param threads threads that read, each some of the partitions
 * @param properties further defaults of the consumers, by Kafka's names
 */
public record ConsumerSettings(String kind, String group, int threads, Map<String, Object> properties) {

    public ConsumerSettings {
        properties = Map.copyOf(properties);
    }
}
