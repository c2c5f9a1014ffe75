package dev.ncwrelay.kafka.connection;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Connection to Kafka and configuration of its clients: {@code relay.kafka.*}. Clients read and write bytes, and the codec
 * decodes them, so that an unreadable record reaches its consumer unchanged.
 *
 * @param bootstrapServers Kafka's bootstrap addresses
 * @param partitions partitions of every topic; must equal the broker's and never changes
 * @param developmentBroker whether Kafka may lose data, as a single broker does: topics that may lose records are then
 *     only warned of at start, otherwise they refuse it
 * @param replicationFactor required replicas of each topic, except on a development broker
 * @param minInsyncReplicas replicas that must have a record before it is acknowledged, except on a development broker
 * @param properties further settings of every Kafka client (for example security), which override the relay's own
 */
@ConfigurationProperties(prefix = "relay.kafka", ignoreUnknownFields = false)
public record KafkaConnection(
        @DefaultValue("127.0.0.1:9092") String bootstrapServers,
        @DefaultValue("12") int partitions,
        @DefaultValue("false") boolean developmentBroker,
        @DefaultValue("3") short replicationFactor,
        @DefaultValue("2") int minInsyncReplicas,
        @DefaultValue Map<String, String> properties) {

    /** A reply body of at most 5 MiB and its envelope. */
    public static final int MAX_RECORD_BYTES = 6 * 1024 * 1024;

    /** A record of another topic with the headers of a dead letter. */
    public static final int MAX_DEAD_LETTER_BYTES = 7 * 1024 * 1024;

    private static final int SHORT_FETCH_MILLIS = 50;

    @ConstructorBinding
    public KafkaConnection {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("relay.kafka.bootstrap-servers must name at least one host:port");
        }
        if (partitions < 1) {
            throw new IllegalArgumentException("relay.kafka.partitions must be positive, not " + partitions);
        }
        if (minInsyncReplicas < (developmentBroker ? 1 : 2)) {
            throw new IllegalArgumentException(
                    "relay.kafka.min-insync-replicas must be at least 2, because with fewer the loss of one broker loses records; not "
                            + minInsyncReplicas);
        }
        if (replicationFactor < minInsyncReplicas) {
            throw new IllegalArgumentException("relay.kafka.replication-factor must be at least"
                    + " relay.kafka.min-insync-replicas, not " + replicationFactor);
        }
        properties = Map.copyOf(properties);
    }

    /** Without further settings. */
    public KafkaConnection(String bootstrapServers, int partitions) {
        this(bootstrapServers, partitions, Map.of());
    }

    /** To brokers that must not lose data. */
    public KafkaConnection(String bootstrapServers, int partitions, Map<String, String> properties) {
        this(bootstrapServers, partitions, false, (short) 3, 2, properties);
    }

    /** To a broker that may lose data. */
    public static KafkaConnection toDevelopmentBroker(String bootstrapServers, int partitions) {
        return new KafkaConnection(bootstrapServers, partitions, true, (short) 3, 2, Map.of());
    }

    /**
     * Configuration of an idempotent producer that waits for all in-sync replicas, sends at once, and fails after 8 s so
     * that the caller can still answer.
     */
    public Map<String, Object> producer(String clientId) {
        var config = client(clientId);
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // Kafka's default of 5 ms would delay every record.
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_DEAD_LETTER_BYTES);
        config.putAll(properties);
        return config;
    }

    /** Configuration of a consumer without automatic commits and without automatic offset reset. */
    public Map<String, Object> consumer(String clientId) {
        var config = client(clientId);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MAX_RECORD_BYTES);
        config.putAll(properties);
        return config;
    }

    /**
     * For a consumer that is closed at the end of the log: closing waits for the last fetch, which at the end of the log
     * takes the maximum wait of a fetch, half a second by default.
     */
    public Map<String, Object> shortLivedConsumer(String clientId) {
        var config = consumer(clientId);
        config.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, SHORT_FETCH_MILLIS);
        return config;
    }

    /** Configuration of an admin client with short timeouts, because its callers retry. */
    public Map<String, Object> admin(String clientId) {
        var config = client(clientId);
        config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
        config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 8_000);
        config.putAll(properties);
        return config;
    }

    /** Without the values of further properties, which may be secret. */
    @Override
    public String toString() {
        return "KafkaConnection[bootstrapServers=" + bootstrapServers + ", partitions=" + partitions + ", properties="
                + properties.keySet() + "]";
    }

    private Map<String, Object> client(String clientId) {
        var config = new HashMap<String, Object>();
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        // A long back-off would continue after the outage has ended.
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        return config;
    }
}
