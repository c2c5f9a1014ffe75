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
 * Where Kafka is and how the relay talks to it: {@code relay.kafka.*}. Values cross as bytes; what they mean is the
 * codec's affair, so that an unreadable record reaches its consumer whole.
 *
 * @param bootstrapServers Kafka's bootstrap addresses
 * @param partitions partitions of every topic; must equal the broker's, fixed for ever
 * @param developmentBroker whether Kafka may lose data, as a single broker does: topics that may lose records are then
 *     warned of at start, and stop it otherwise
 * @param replicationFactor replicas that each topic must have, unless on a development broker
 * @param minInsyncReplicas replicas that must have a record before it is acknowledged, likewise
 * @param properties further settings for every Kafka client (security, say), which win over the relay's own
 */
@ConfigurationProperties(prefix = "relay.kafka", ignoreUnknownFields = false)
public record KafkaConnection(
        @DefaultValue("127.0.0.1:9092") String bootstrapServers,
        @DefaultValue("12") int partitions,
        @DefaultValue("false") boolean developmentBroker,
        @DefaultValue("3") short replicationFactor,
        @DefaultValue("2") int minInsyncReplicas,
        @DefaultValue Map<String, String> properties) {

    /** A reply body is at most 5 MiB; the rest is room for its envelope. */
    public static final int MAX_RECORD_BYTES = 6 * 1024 * 1024;

    /** A dead letter is any record of another topic, with headers of its own added. */
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
                    "relay.kafka.min-insync-replicas must be at least 2, or one broker's loss is a loss of records; not "
                            + minInsyncReplicas);
        }
        if (replicationFactor < minInsyncReplicas) {
            throw new IllegalArgumentException("relay.kafka.replication-factor must be at least"
                    + " relay.kafka.min-insync-replicas, not " + replicationFactor);
        }
        properties = Map.copyOf(properties);
    }

    /** The connection with no further settings. */
    public KafkaConnection(String bootstrapServers, int partitions) {
        this(bootstrapServers, partitions, Map.of());
    }

    /** The connection to brokers that must not lose data. */
    public KafkaConnection(String bootstrapServers, int partitions, Map<String, String> properties) {
        this(bootstrapServers, partitions, false, (short) 3, 2, properties);
    }

    /** The connection to a broker that may lose data. */
    public static KafkaConnection toDevelopmentBroker(String bootstrapServers, int partitions) {
        return new KafkaConnection(bootstrapServers, partitions, true, (short) 3, 2, Map.of());
    }

    /**
     * Settings of a producer that loses nothing: acknowledged by all in-sync replicas, idempotent, sent at once, and
     * given up after 8 s so that the caller can still say so.
     */
    public Map<String, Object> producer(String clientId) {
        var config = client(clientId);
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // Kafka's default of 5 ms would be paid on every hop.
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_DEAD_LETTER_BYTES);
        config.putAll(properties);
        return config;
    }

    /** Settings of a consumer whose owner decides what is read and when it is done. Offsets are never reset silently. */
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
     * The same for one that is closed when it has read what is there: closing waits for the last fetch, which at the end
     * of the log takes as long as a fetch may, half a second by default.
     */
    public Map<String, Object> shortLivedConsumer(String clientId) {
        var config = consumer(clientId);
        config.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, SHORT_FETCH_MILLIS);
        return config;
    }

    /** Settings of an admin client that gives up soon, since its caller tries again. */
    public Map<String, Object> admin(String clientId) {
        var config = client(clientId);
        config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
        config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 8_000);
        config.putAll(properties);
        return config;
    }

    /** Without the values of further properties, which may be secrets. */
    @Override
    public String toString() {
        return "KafkaConnection[bootstrapServers=" + bootstrapServers + ", partitions=" + partitions + ", properties="
                + properties.keySet() + "]";
    }

    private Map<String, Object> client(String clientId) {
        var config = new HashMap<String, Object>();
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        // After an outage, a long back-off would outlast the outage itself.
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        return config;
    }
}
