package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.kafka.connection.ClientFailure;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.ClientTopic;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TopicDeletionDisabledException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * The topics of clients and who may read them, on the cluster that has them. Methods wait for the brokers and throw {@link
 * ChannelUnavailableException} when they cannot do it now.
 */
final class ClientCluster implements AutoCloseable {

    private static final String ANY_NAME = "*";
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final KafkaConnection kafka;
    private final ClientKafkaSettings settings;
    private final BrokerCheck brokers;
    private Optional<Admin> admin = Optional.empty();

    ClientCluster(KafkaConnection kafka, ClientKafkaSettings settings) {
        this.kafka = kafka;
        this.settings = settings;
        this.brokers = BrokerCheck.of(settings);
    }

    /** Creates the topic if it does not exist, and permits the user to read it. */
    void open(ClientTopic topic, String userId) {
        brokers.require(admin());
        create(topic);
        // In an ACL it would be any user.
        if (settings.acls() && !userId.equals(ANY_NAME)) {
            done(admin().createAcls(resources(topic)
                            .map(resource -> read(resource, settings.principalType() + ":" + userId))
                            .toList())
                    .all());
        }
    }

    /** Withdraws the permissions and deletes the topic. */
    void close(ClientTopic topic) {
        if (settings.acls()) {
            done(admin().deleteAcls(resources(topic)
                            .map(resource -> new AclBindingFilter(resource.toFilter(), AccessControlEntryFilter.ANY))
                            .toList())
                    .all());
        }
        var _ = succeeds(admin().deleteTopics(List.of(topic.name())).all(), UnknownTopicOrPartitionException.class);
    }

    /** Those of these topics that do not exist. The controller knows: a broker may learn of a topic later. */
    Set<ClientTopic> missing(Collection<ClientTopic> topics) {
        if (topics.isEmpty()) {
            return Set.of();
        }
        var wanted = topics.stream().map(this::newTopic).toList();
        var tried = admin().createTopics(wanted, new CreateTopicsOptions().validateOnly(true))
                .values();
        return topics.stream()
                .filter(topic -> succeeds(Objects.requireNonNull(tried.get(topic.name())), TopicExistsException.class))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Those of these topics that no broker can write to at present. */
    Set<ClientTopic> leaderless(Collection<ClientTopic> topics) {
        if (topics.isEmpty()) {
            return Set.of();
        }
        var names = topics.stream().map(ClientTopic::name).toList();
        var described = done(admin().describeTopics(names).allTopicNames());
        return topics.stream()
                .filter(topic -> Objects.requireNonNull(described.get(topic.name())).partitions().stream()
                        .anyMatch(partition -> partition.leader() == null))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public synchronized void close() {
        admin.ifPresent(created -> created.close(CLOSE_TIMEOUT));
    }

    private void create(ClientTopic topic) {
        var _ = succeeds(admin().createTopics(List.of(newTopic(topic))).all(), TopicExistsException.class);
    }

    private NewTopic newTopic(ClientTopic topic) {
        return new NewTopic(topic.name(), Optional.of(1), Optional.of(settings.replicationFactor()))
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(settings.retention().toMillis()),
                        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                        Short.toString(settings.minInsyncReplicas()),
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(KafkaConnection.MAX_RECORD_BYTES)));
    }

    /** The topic, and the groups that may read it. */
    private static Stream<ResourcePattern> resources(ClientTopic topic) {
        return Stream.of(
                new ResourcePattern(ResourceType.TOPIC, topic.name(), PatternType.LITERAL),
                new ResourcePattern(ResourceType.GROUP, topic.groupPrefix(), PatternType.PREFIXED));
    }

    /** Read implies describe: https://kafka.apache.org/documentation/#operations_in_kafka. */
    private static AclBinding read(ResourcePattern resource, String principal) {
        return new AclBinding(
                resource, new AccessControlEntry(principal, ANY_NAME, AclOperation.READ, AclPermissionType.ALLOW));
    }

    /** Created when it is needed: without a resolvable address it cannot be. */
    private synchronized Admin admin() {
        try {
            var client = admin.orElseGet(() -> Admin.create(kafka.admin("channel-kafka")));
            admin = Optional.of(client);
            return client;
        } catch (KafkaException e) {
            throw unavailable(e);
        }
    }

    /** What an operator can do about it. */
    private static String hint(Throwable failure) {
        return switch (failure) {
            case SecurityDisabledException _ ->
                "; without an authorizer on the brokers, relay.channel.kafka.acls must be false";
            case InvalidReplicationFactorException _ ->
                "; relay.channel.kafka.replication-factor must not exceed the number of brokers";
            case TopicDeletionDisabledException _ -> "; the brokers must have delete.topic.enable=true";
            case AuthorizationException _ -> "; docs/security-kafka.md lists the ACLs of topics of clients";
            case KafkaException _ when failure.getCause() != null -> ": " + ClientFailure.text(failure.getCause());
            default -> "";
        };
    }

    /** False when it fails with this exception, which means that there was nothing to do. */
    private static boolean succeeds(KafkaFuture<?> result, Class<? extends ApiException> needless) {
        try {
            done(result);
            return true;
        } catch (ChannelUnavailableException e) {
            if (needless.isInstance(e.getCause())) {
                return false;
            }
            throw e;
        }
    }

    /** The result; fails with the client's exception as the cause. */
    static <T> T done(KafkaFuture<T> result) {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChannelUnavailableException("interrupted", e);
        }
    }

    static ChannelUnavailableException unavailable(Throwable failure) {
        var cause = ClientFailure.cause(failure);
        return new ChannelUnavailableException("Kafka for clients: " + cause + hint(cause), cause);
    }
}
