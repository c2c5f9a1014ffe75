package dev.ncwrelay.kafka.connection;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * What an operator has configured for each kind of Kafka client, by Kafka's own names. In a service these are Spring
 * Boot's {@code spring.kafka.*}.
 */
record ClientSettings(
        Map<String, Object> producer,
        Map<String, Object> consumer,
        Map<String, Object> admin,
        Map<String, Object> streams) {

    /** Settings that the relay depends on, with the values that it accepts. */
    private static final Map<String, Set<String>> PRODUCER = Map.of(
            ProducerConfig.ACKS_CONFIG, Set.of("all", "-1"),
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, Set.of("true"),
            ProducerConfig.TRANSACTIONAL_ID_CONFIG, Set.of(),
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, Set.of(StringSerializer.class.getName()),
            // Spring Boot's default is a serializer of strings, which the relay replaces.
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                    Set.of(StringSerializer.class.getName(), ByteArraySerializer.class.getName()));

    private static final Map<String, Set<String>> CONSUMER = Map.of(
            ConsumerConfig.GROUP_ID_CONFIG, Set.of(),
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, Set.of(),
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, Set.of("false"),
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, Set.of(StringDeserializer.class.getName()),
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                    Set.of(StringDeserializer.class.getName(), ByteArrayDeserializer.class.getName()));

    ClientSettings {
        producer = Map.copyOf(producer);
        consumer = Map.copyOf(consumer);
        admin = Map.copyOf(admin);
        streams = Map.copyOf(streams);
    }

    /** The same settings for all clients. */
    static ClientSettings of(String bootstrapServers, Map<String, String> properties) {
        var settings = new HashMap<String, Object>(properties);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return new ClientSettings(settings, settings, settings, settings);
    }

    /**
     * Spring Boot's settings, with its SSL bundles.
     *
     * @throws IllegalArgumentException naming a setting that the relay depends on
     */
    static ClientSettings of(KafkaProperties settings, KafkaConnectionDetails connection, SslBundles bundles) {
        // No property of Kafka's: Spring would send in transactions only, which the relay does not begin.
        if (settings.getProducer().getTransactionIdPrefix() != null) {
            throw new IllegalArgumentException("spring.kafka.producer.transaction-id-prefix must not be set,"
                    + " because the relay depends on it");
        }
        var clients = new ClientSettings(
                connected(settings.buildProducerProperties(), connection.getProducer(), bundles),
                connected(settings.buildConsumerProperties(), connection.getConsumer(), bundles),
                connected(settings.buildAdminProperties(), connection.getAdmin(), bundles),
                connected(settings.buildStreamsProperties(), connection.getStreams(), bundles));
        requireAccepted("spring.kafka.producer", clients.producer(), PRODUCER);
        requireAccepted("spring.kafka.consumer", clients.consumer(), CONSUMER);
        return clients;
    }

    private static Map<String, Object> connected(
            Map<String, Object> settings, KafkaConnectionDetails.Configuration connection, SslBundles bundles) {
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, connection.getBootstrapServers());
        var protocol = connection.getSecurityProtocol();
        if (protocol != null && !protocol.isEmpty()) {
            settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
        }
        var bundle = connection.getSslBundle();
        if (bundle != null) {
            settings.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, SslBundleSslEngineFactory.class);
            settings.put(SslBundle.class.getName(), current(bundle, bundles));
        }
        return settings;
    }

    private static SslBundle current(SslBundle bundle, SslBundles bundles) {
        return bundles.getBundleNames().stream()
                .filter(name -> bundles.getBundle(name).equals(bundle))
                .findFirst()
                .<SslBundle>map(name -> new CurrentSslBundle(bundles, name))
                .orElse(bundle);
    }

    private static void requireAccepted(
            String prefix, Map<String, Object> settings, Map<String, Set<String>> accepted) {
        accepted.forEach((key, values) -> {
            var value = settings.get(key);
            if (value != null && !values.contains(text(value))) {
                throw new IllegalArgumentException(prefix + ": " + key
                        + (values.isEmpty() ? " must not be set" : " must be " + String.join(" or ", values))
                        + ", because the relay depends on it");
            }
        });
    }

    private static String text(Object value) {
        return value instanceof Class<?> type ? type.getName() : value.toString();
    }

    /** Kafka's bootstrap addresses, comma-separated. */
    String bootstrapServers() {
        var servers = admin.getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, List.of());
        return servers instanceof Collection<?> list
                ? String.join(",", list.stream().map(Object::toString).toList())
                : servers.toString();
    }

    /** Without values, which may be secret. */
    @Override
    public String toString() {
        return "ClientSettings[bootstrapServers=" + bootstrapServers() + ", admin=" + admin.keySet() + "]";
    }
}
