package dev.ncwrelay.channel.kafka;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Topics that clients read: {@code relay.channel.kafka.*}.
 *
 * @param enabled whether events are forwarded to such topics
 * @param group the consumer group shared by all instances
 * @param threads threads of an instance that forward
 * @param bootstrapServers another cluster's addresses, comma-separated; without it the topics are on the relay's own
 * @param properties settings of the clients of another cluster, by Kafka's names; they may be secret
 * @param retention how long an event stays in a topic
 * @param replicationFactor of each topic
 * @param minInsyncReplicas of each topic
 * @param clientListener the listener at which users log in, whose principal builder is checked; required unless {@code
 *     separatePrincipals}
 * @param separatePrincipals true when the operator ensures that no user has the principal of a service
 * @param principalType type of the users' principals, for the ACLs
 * @param acls whether each topic has an ACL for its user; false for a cluster without an authorizer, where every client
 *     reads every topic
 */
@ConfigurationProperties(prefix = "relay.channel.kafka", ignoreUnknownFields = false)
record ClientKafkaSettings(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("ncw-channel-kafka") String group,
        @DefaultValue("2") int threads,
        @Nullable String bootstrapServers,
        @DefaultValue Map<String, String> properties,
        @DefaultValue("7d") Duration retention,
        @DefaultValue("3") short replicationFactor,
        @DefaultValue("2") short minInsyncReplicas,
        @Nullable String clientListener,
        @DefaultValue("false") boolean separatePrincipals,
        @DefaultValue("Client") String principalType,
        @DefaultValue("true") boolean acls) {

    private static final String PREFIX = "relay.channel.kafka.";

    ClientKafkaSettings {
        properties = Map.copyOf(properties);
        bootstrapServers = bootstrapServers == null || bootstrapServers.isBlank() ? null : bootstrapServers;
        clientListener = clientListener == null || clientListener.isBlank() ? null : clientListener;
        require(!group.isBlank(), "group", "not blank");
        require(threads > 0, "threads", "positive");
        require(retention.isPositive(), "retention", "positive");
        require(replicationFactor > 0, "replication-factor", "positive");
        require(
                minInsyncReplicas > 0 && minInsyncReplicas <= replicationFactor,
                "min-insync-replicas",
                "positive, and at most " + PREFIX + "replication-factor");
        require(!principalType.isBlank() && !principalType.contains(":"), "principal-type", "a word such as Client");
        require(
                properties.isEmpty() || bootstrapServers != null,
                "properties",
                "empty without " + PREFIX + "bootstrap-servers: the relay's own Kafka is configured by spring.kafka.*");
        require(
                separatePrincipals || principalType.equals("Client"),
                "principal-type",
                "Client, unless " + PREFIX
                        + "separate-principals is true: the checked principal builder makes no other");
        require(
                !enabled || !acls || separatePrincipals || clientListener != null,
                "client-listener",
                "the name of the brokers' listener at which users log in, for example CLIENT (see docs/security-kafka.md), or "
                        + PREFIX + "separate-principals true");
    }

    private static void require(boolean valid, String key, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(PREFIX + key + " must be " + expected);
        }
    }

    /** Without the properties, which may be secret. */
    @Override
    public String toString() {
        return "ClientKafkaSettings[enabled=" + enabled + ", group=" + group + ", bootstrapServers=" + bootstrapServers
                + "]";
    }
}
