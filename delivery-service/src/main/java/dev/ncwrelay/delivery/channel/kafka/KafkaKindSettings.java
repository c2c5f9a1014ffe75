package dev.ncwrelay.delivery.channel.kafka;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The Kafka that clients read from: {@code relay.delivery.channel.kafka.*}. This service does not connect to it.
 *
 * @param bootstrapServers the addresses at which clients reach it, {@code host:port} each; empty when there is no Kafka for clients
 * @param maxTopics most subscribed devices: each has a topic
 * @param securityProtocol how clients connect
 */
@ConfigurationProperties(prefix = "relay.delivery.channel.kafka", ignoreUnknownFields = false)
public record KafkaKindSettings(
        @DefaultValue List<String> bootstrapServers,
        @DefaultValue("1000") int maxTopics,
        @DefaultValue("SASL_SSL") Security securityProtocol) {

    /** Kafka's names. */
    public enum Security {
        /** With TLS and the user's token. */
        SASL_SSL,
        /** Without both: everybody reads every topic, as on a broker for development. */
        PLAINTEXT
    }

    static final String SERVERS =
            "relay.delivery.channel.kafka.bootstrap-servers (RELAY_DELIVERY_CHANNEL_KAFKA_BOOTSTRAP_SERVERS)";

    public KafkaKindSettings {
        bootstrapServers = bootstrapServers.stream()
                .map(String::strip)
                .filter(server -> !server.isEmpty())
                .toList();
        if (!bootstrapServers.stream().allMatch(KafkaKindSettings::isAddress)) {
            throw new IllegalArgumentException(
                    SERVERS + " must be addresses such as kafka-1.example:9094, separated by commas");
        }
        if (maxTopics <= 0) {
            throw new IllegalArgumentException(
                    "relay.delivery.channel.kafka.max-topics must be positive, not " + maxTopics);
        }
    }

    private static boolean isAddress(String server) {
        return server.matches("[^\\s/@]+:\\d{1,5}");
    }
}
