package dev.ncwrelay.kafka.connection;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the relay requires of its topics: {@code relay.kafka.*}.
 *
 * @param partitions partitions of every topic; must equal the broker's and never changes
 * @param developmentBroker whether Kafka may lose data, as a single broker does: topics that may lose records are then
 *     only warned of at start, otherwise they refuse it
 * @param replicationFactor required replicas of each topic, except on a development broker
 * @param minInsyncReplicas replicas that must have a record before it is acknowledged, except on a development broker
 * @param accessCheckInterval how often a running service asks Kafka whether it still has the permissions it needs
 */
@ConfigurationProperties(prefix = "relay.kafka", ignoreUnknownFields = false)
public record TopicSettings(
        @DefaultValue("12") int partitions,
        @DefaultValue("false") boolean developmentBroker,
        @DefaultValue("3") short replicationFactor,
        @DefaultValue("2") int minInsyncReplicas,
        @DefaultValue("10s") Duration accessCheckInterval) {

    public TopicSettings {
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
        if (!accessCheckInterval.isPositive()) {
            throw new IllegalArgumentException(
                    "relay.kafka.access-check-interval must be positive, not " + accessCheckInterval);
        }
    }
}
