package dev.ncwrelay.channel.rabbitmq;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Queues in RabbitMQ: {@code relay.channel.rabbitmq.*}. How to connect to it is Spring Boot's {@code spring.rabbitmq.*}.
 *
 * @param enabled whether events are forwarded to RabbitMQ
 * @param group the consumer group shared by all instances
 * @param threads threads of an instance that forward
 * @param messageTtl how long an unread message stays in a queue
 * @param queueExpiry how long a queue without a consumer is kept
 * @param maxLength unread messages of a queue; more are held back in Kafka
 * @param quorum whether queues are replicated (quorum queues); an existing queue keeps its type
 * @param confirmTimeout longest wait for RabbitMQ's confirmations of messages that were sent together
 */
@ConfigurationProperties(prefix = "relay.channel.rabbitmq", ignoreUnknownFields = false)
record RabbitSettings(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("ncw-channel-rabbitmq") String group,
        @DefaultValue("2") int threads,
        @DefaultValue("7d") Duration messageTtl,
        @DefaultValue("30d") Duration queueExpiry,
        @DefaultValue("10000") int maxLength,
        @DefaultValue("false") boolean quorum,
        @DefaultValue("30s") Duration confirmTimeout) {

    private static final String PREFIX = "relay.channel.rabbitmq.";

    RabbitSettings {
        require(!group.isBlank(), "group", "not blank", group);
        require(threads > 0, "threads", "positive", threads);
        require(isMillis(messageTtl), "message-ttl", "positive, at most 49 days", messageTtl);
        require(isMillis(queueExpiry), "queue-expiry", "positive, at most 49 days", queueExpiry);
        require(
                queueExpiry.compareTo(messageTtl) >= 0,
                "queue-expiry",
                "at least relay.channel.rabbitmq.message-ttl, " + messageTtl,
                queueExpiry);
        require(maxLength > 0, "max-length", "positive", maxLength);
        require(confirmTimeout.isPositive(), "confirm-timeout", "positive", confirmTimeout);
    }

    /** RabbitMQ counts both in milliseconds of 32 bits: https://www.rabbitmq.com/docs/ttl. */
    private static boolean isMillis(Duration duration) {
        return duration.isPositive() && duration.compareTo(Duration.ofDays(49)) <= 0;
    }

    private static void require(boolean valid, String key, String expected, Object value) {
        if (!valid) {
            throw new IllegalArgumentException(PREFIX + key + " must be " + expected + ", not " + value);
        }
    }
}
