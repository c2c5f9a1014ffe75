package dev.ncwrelay.kafka.connection;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Kafka's topics and the configurations of its clients. A configuration has, in this order: what the relay depends on,
 * what the operator has set, and the relay's defaults. Clients read and write bytes, and the codec decodes them, so that
 * an unreadable record reaches its consumer unchanged.
 *
 * @param topics what the relay requires of its topics
 * @param clients what the operator has set
 */
public record KafkaConnection(TopicSettings topics, ClientSettings clients) {

    /** A reply body of at most 5 MiB and its envelope. */
    public static final int MAX_RECORD_BYTES = 6 * 1024 * 1024;

    /** A record of another topic with the headers of a dead letter. */
    public static final int MAX_DEAD_LETTER_BYTES = 7 * 1024 * 1024;

    private static final int SHORT_FETCH_MILLIS = 50;

    /** To brokers that must not lose data. */
    public static KafkaConnection to(String bootstrapServers, int partitions) {
        return to(bootstrapServers, partitions, Map.of());
    }

    /** To brokers that must not lose data, with further settings for all clients. */
    public static KafkaConnection to(String bootstrapServers, int partitions, Map<String, String> properties) {
        return new KafkaConnection(topics(partitions, false), ClientSettings.of(bootstrapServers, properties));
    }

    /** To a broker that may lose data. */
    public static KafkaConnection toDevelopmentBroker(
            String bootstrapServers, int partitions, Map<String, String> properties) {
        return new KafkaConnection(topics(partitions, true), ClientSettings.of(bootstrapServers, properties));
    }

    private static TopicSettings topics(int partitions, boolean developmentBroker) {
        return new TopicSettings(partitions, developmentBroker, (short) 3, 2, Duration.ofSeconds(10));
    }

    public int partitions() {
        return topics.partitions();
    }

    public boolean developmentBroker() {
        return topics.developmentBroker();
    }

    /** Kafka's bootstrap addresses, comma-separated. */
    public String bootstrapServers() {
        return clients.bootstrapServers();
    }

    /**
     * Configuration of an idempotent producer that waits for all in-sync replicas, sends at once, and fails after 8 s so
     * that the caller can still answer.
     */
    public Map<String, Object> producer(String clientId) {
        var config = client();
        // Kafka's default of 5 ms would delay every record.
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_DEAD_LETTER_BYTES);
        config.putAll(clients.producer());
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return named(config, clientId);
    }

    /** Configuration of a consumer without automatic commits and without automatic offset reset. */
    public Map<String, Object> consumer(String clientId) {
        return consumer(clientId, Map.of());
    }

    /** The same, with further defaults, which the operator may override. */
    public Map<String, Object> consumer(String clientId, Map<String, Object> defaults) {
        var config = client();
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MAX_RECORD_BYTES);
        config.putAll(defaults);
        config.putAll(clients.consumer());
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return named(config, clientId);
    }

    /**
     * For a consumer that is closed at the end of the log: closing waits for the last fetch, which at the end of the log
     * takes the maximum wait of a fetch, half a second by default.
     */
    public Map<String, Object> shortLivedConsumer(String clientId) {
        return consumer(clientId, Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, SHORT_FETCH_MILLIS));
    }

    /** Configuration of an admin client with short timeouts, because its callers retry. */
    public Map<String, Object> admin(String clientId) {
        var config = client();
        config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
        config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 8_000);
        config.putAll(clients.admin());
        return named(config, clientId);
    }

    /** What the operator has set for Kafka Streams. */
    public Map<String, Object> streams() {
        return clients.streams();
    }

    private static Map<String, Object> client() {
        var config = new HashMap<String, Object>();
        // A long back-off would continue after the outage has ended.
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        return config;
    }

    /** An operator's client id becomes a prefix, because a service has several clients. */
    private static Map<String, Object> named(Map<String, Object> config, String clientId) {
        config.merge(CommonClientConfigs.CLIENT_ID_CONFIG, clientId, (prefix, name) -> prefix + "-" + name);
        return config;
    }
}
