package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.kafka.connection.ClientFailure;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.ClientTopic;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicDeletionDisabledException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics of clients and who may read them, on the cluster that has them. Methods wait for the brokers and throw {@link
 * ChannelUnavailableException} when they cannot do it now.
 */
final class ClientCluster implements AutoCloseable {

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

    /** Creates the topic of a subscription if it does not exist, and permits the user to read it. */
    void open(ClientTopic topic, String userId) {
        open(List.of(ReadableTopic.of(topic, settings.principalType(), userId)));
    }

    /** Creates those topics that do not exist, and permits their principals to read them. */
    void open(Collection<ReadableTopic> topics) {
        brokers.require(admin());
        var created = admin().createTopics(topics.stream().map(this::newTopic).toList());
        created.values().values().forEach(result -> {
            var _ = succeeds(result, List.of(TopicExistsException.class));
        });
        if (settings.acls()) {
            done(admin().createAcls(topics.stream().flatMap(ReadableTopic::acls).toList())
                    .all());
        }
    }

    /** The number of partitions of these topics, which exist, by their names. */
    Map<String, Integer> partitions(Collection<ReadableTopic> topics) {
        var names = topics.stream().map(ReadableTopic::name).toList();
        return done(admin().describeTopics(names).allTopicNames()).entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        topic -> topic.getValue().partitions().size()));
    }

    /** Withdraws the permissions and deletes the topic. */
    void close(ClientTopic topic) {
        if (settings.acls()) {
            done(admin().deleteAcls(readable(topic)
                            .resources()
                            .map(resource -> new AclBindingFilter(resource.toFilter(), AccessControlEntryFilter.ANY))
                            .toList())
                    .all());
        }
        var _ = succeeds(
                admin().deleteTopics(List.of(topic.name())).all(), List.of(UnknownTopicOrPartitionException.class));
    }

    /**
     * Those of these topics that do not exist. The controller knows: a broker may learn of a topic later. One that it tells
     * nothing of, for want of a permission, counts as existing: the others do not depend on it.
     */
    Set<ClientTopic> missing(Collection<ClientTopic> topics) {
        if (topics.isEmpty()) {
            return Set.of();
        }
        var wanted = topics.stream().map(topic -> newTopic(readable(topic))).toList();
        var tried = admin().createTopics(wanted, new CreateTopicsOptions().validateOnly(true))
                .values();
        return topics.stream()
                .filter(topic -> succeeds(
                        Objects.requireNonNull(tried.get(topic.name())),
                        List.of(TopicExistsException.class, TopicAuthorizationException.class)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * What is known of a partition.
     *
     * @param hasLeader without one, no broker accepts records
     * @param inSync its replicas that are in sync
     */
    record Replicas(boolean hasLeader, int inSync) {}

    /** The replicas of those of these partitions that exist and may be described. */
    Map<TopicPartition, Replicas> replicas(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        var names = partitions.stream().map(TopicPartition::topic).distinct().toList();
        var found = new HashMap<TopicPartition, Replicas>();
        admin().describeTopics(names).topicNameValues().forEach((name, described) -> {
            if (succeeds(
                    described, List.of(UnknownTopicOrPartitionException.class, TopicAuthorizationException.class))) {
                done(described)
                        .partitions()
                        .forEach(partition -> found.put(
                                new TopicPartition(name, partition.partition()),
                                new Replicas(
                                        partition.leader() != null,
                                        partition.isr().size())));
            }
        });
        return found;
    }

    short minInsyncReplicas() {
        return settings.minInsyncReplicas();
    }

    /** @throws ChannelUnavailableException when no broker responds, or there are fewer than any record needs */
    void requireAccepting() {
        int brokers = done(admin().describeCluster().nodes()).size();
        if (brokers < settings.minInsyncReplicas()) {
            throw new ChannelUnavailableException("Kafka for clients: brokers that are there: " + brokers + ", and "
                    + ClientKafkaSettings.PREFIX + "min-insync-replicas is " + settings.minInsyncReplicas());
        }
    }

    @Override
    public synchronized void close() {
        admin.ifPresent(created -> created.close(CLOSE_TIMEOUT));
    }

    /** Without who may read it. */
    private static ReadableTopic readable(ClientTopic topic) {
        return new ReadableTopic(topic.name(), topic.groupPrefix(), 1, null);
    }

    private NewTopic newTopic(ReadableTopic topic) {
        return new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.of(settings.replicationFactor()))
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

    /** False when it fails with one of these exceptions, which is an answer, too. */
    private static boolean succeeds(KafkaFuture<?> result, List<Class<? extends ApiException>> answers) {
        try {
            done(result);
            return true;
        } catch (ChannelUnavailableException e) {
            if (answers.stream().anyMatch(answer -> answer.isInstance(e.getCause()))) {
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
        return new ChannelUnavailableException("Kafka for clients: " + ClientFailure.text(cause) + hint(cause), cause);
    }
}
