package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.schemas.TenantTopic;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
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
 * @param tenants the tenants that have a topic for their own backend, by their names
 * @param tenantGroup the consumer group that forwards to those topics, shared by all instances
 * @param tenantThreads threads of an instance that forward to them
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
        @DefaultValue("true") boolean acls,
        @DefaultValue Map<String, TenantTopicSettings> tenants,
        @DefaultValue("ncw-channel-kafka-tenant") String tenantGroup,
        @DefaultValue("2") int tenantThreads) {

    static final String PREFIX = "relay.channel.kafka.";

    /** Of the producer and of the administrator's client. */
    private static final Set<String> CLIENT_SETTINGS = Stream.of(
                    ProducerConfig.configNames(), AdminClientConfig.configNames())
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    /** Each has partitions and replicas, and their events are sent by the same threads. */
    private static final int MAX_TENANTS = 100;

    /** Of the checked principal builder. */
    private static final String USERS = "Client";

    /** As in an ACL. */
    private static final Pattern PRINCIPAL = Pattern.compile("[^:*\\s]+:[^*].*");

    ClientKafkaSettings {
        properties = Map.copyOf(properties);
        tenants = Map.copyOf(tenants);
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
        for (var name : properties.keySet()) {
            require(
                    CLIENT_SETTINGS.contains(name),
                    "properties." + name,
                    "left out: Kafka's clients have no setting of this name");
        }
        require(
                separatePrincipals || principalType.equals(USERS),
                "principal-type",
                USERS + ", unless " + PREFIX
                        + "separate-principals is true: the checked principal builder makes no other");
        require(
                (!enabled && tenants.isEmpty()) || !acls || separatePrincipals || clientListener != null,
                "client-listener",
                "the name of the brokers' listener at which users log in, for example CLIENT (see docs/security-kafka.md), or "
                        + PREFIX + "separate-principals true");
        require(
                !tenantGroup.isBlank() && !tenantGroup.equals(group),
                "tenant-group",
                "another than " + PREFIX + "group");
        require(tenantThreads > 0, "tenant-threads", "positive");
        require(tenants.size() <= MAX_TENANTS, "tenants", "at most " + MAX_TENANTS);
        for (var tenant : tenants.entrySet()) {
            requireValid(tenant.getKey(), tenant.getValue(), acls, separatePrincipals);
        }
    }

    private static void requireValid(
            String tenant, TenantTopicSettings settings, boolean acls, boolean separatePrincipals) {
        var key = "tenants." + tenant;
        require(TenantTopic.isPossible(tenant), key, "named with 1 to 128 characters of A-Z a-z 0-9 _ -");
        require(settings.partitions() >= 0, key + ".partitions", "positive, or 0 for as many as the relay's topics");
        var principal = settings.principal();
        require(
                !acls || (principal != null && PRINCIPAL.matcher(principal).matches()),
                key + ".principal",
                "the principal of the tenant's backend, for example User:" + tenant + "-backend");
        require(
                principal == null || separatePrincipals || !principal.startsWith(USERS + ":"),
                key + ".principal",
                "of another type than " + USERS + ", which is that of end users");
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
