package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;

/** The Kafka Streams configuration of the mailboxes: their own values, an operator's, and defaults, in this order. */
public final class MailboxStreamsConfig {

    /** An event is at most 5 MiB; the rest is for the fields stored with it. */
    static final int MAX_RECORD_BYTES = 7 * 1024 * 1024;

    /** Properties that would change how mailboxes work, or that have a setting of the relay. */
    private static final Set<String> OWN = Set.of(
            StreamsConfig.APPLICATION_ID_CONFIG,
            StreamsConfig.APPLICATION_SERVER_CONFIG,
            StreamsConfig.GROUP_PROTOCOL_CONFIG,
            StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
            StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG,
            StreamsConfig.NUM_STREAM_THREADS_CONFIG,
            StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
            StreamsConfig.STATE_DIR_CONFIG,
            StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG,
            RocksDbMemory.BYTES,
            StreamsConfig.REPLICATION_FACTOR_CONFIG,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG),
            StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG),
            StreamsConfig.producerPrefix(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG));

    private MailboxStreamsConfig() {}

    /**
     * Rejects additional Kafka client properties that mailboxes depend on.
     *
     * @throws IllegalArgumentException naming the first such property, without its value
     */
    public static void requireOwn(Map<String, ?> settings) {
        settings.keySet().stream().filter(OWN::contains).sorted().findFirst().ifPresent(key -> {
            throw new IllegalArgumentException(
                    "spring.kafka.streams: " + key + " must not be set: mailboxes require their own value");
        });
    }

    static Properties of(KafkaConnection kafka, MailboxSettings settings, String application, HostInfo self) {
        var config = new HashMap<String, Object>();
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 2_000);
        // Mailboxes do not depend on the order between the two topics; waiting for it formats a text at each record.
        config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        config.putAll(kafka.streams());
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        config.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.host() + ":" + self.port());
        config.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        config.put(
                StreamsConfig.STATE_DIR_CONFIG,
                settings.stateDir().resolve(Integer.toString(self.port())).toString());
        config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbMemory.class);
        config.put(RocksDbMemory.BYTES, settings.memory().toBytes());
        // -1 is the broker's default, which is one replica unless it was configured.
        config.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG,
                kafka.developmentBroker() ? -1 : (int) kafka.topics().replicationFactor());
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        // A pair: Kafka refuses a heartbeat interval that is not shorter than the session timeout.
        if (kafka.streams().keySet().stream().noneMatch(MailboxStreamsConfig::isSessionSetting)) {
            config.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
            config.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 2_000);
        }
        config.put(StreamsConfig.producerPrefix(ProducerConfig.ACKS_CONFIG), "all");
        // Without it a repeated record could overtake a later one of the changelog.
        config.put(StreamsConfig.producerPrefix(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG), true);
        // As small as lz4, for whose buffers the client allocates 128 KiB for each batch; most batches hold one event.
        producerDefault(config, kafka, ProducerConfig.COMPRESSION_TYPE_CONFIG, "snappy");
        producerDefault(config, kafka, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES);
        var properties = new Properties();
        properties.putAll(config);
        return properties;
    }

    private static boolean isSessionSetting(String key) {
        return key.endsWith(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG)
                || key.endsWith(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);
    }

    /**
     * Sets a default of the producers. Kafka Streams prefers a setting with their prefix to the same one without, which is
     * how operators set it.
     */
    private static void producerDefault(Map<String, Object> config, KafkaConnection kafka, String key, Object value) {
        if (!kafka.streams().containsKey(key)) {
            config.putIfAbsent(StreamsConfig.producerPrefix(key), value);
        }
    }
}
