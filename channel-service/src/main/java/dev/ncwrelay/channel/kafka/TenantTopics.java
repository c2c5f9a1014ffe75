package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.TenantTopic;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The topics of the tenants that have one. Safe for many threads. */
final class TenantTopics implements AutoCloseable {

    private final ClientCluster cluster;
    private final Map<String, ReadableTopic> topics;
    private volatile boolean isOpen;

    /** @param relayPartitions of each of the relay's topics, and of those without a setting of their own */
    TenantTopics(ClientCluster cluster, Map<String, TenantTopicSettings> tenants, int relayPartitions) {
        this.cluster = cluster;
        this.topics = tenants.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        tenant -> ReadableTopic.of(
                                new TenantTopic(tenant.getKey()),
                                tenant.getValue().partitionsOr(relayPartitions),
                                tenant.getValue().principal())));
    }

    /** The topic of a tenant; empty for one that has none, and for the default tenant. */
    Optional<ReadableTopic> of(@Nullable String tenant) {
        return tenant == null ? Optional.empty() : Optional.ofNullable(topics.get(tenant));
    }

    ClientCluster cluster() {
        return cluster;
    }

    /** Whether an event of this device may go to one of these partitions. */
    boolean mayReceive(Set<TopicPartition> targets, String deviceId) {
        return topics.values().stream()
                .map(topic -> new TopicPartition(topic.name(), DevicePartition.of(deviceId, topic.partitions())))
                .anyMatch(targets::contains);
    }

    /**
     * Creates those that do not exist, and permits their tenants to read them. Does nothing once that is done.
     *
     * @throws ChannelUnavailableException when it cannot be done now
     */
    void open() {
        if (!isOpen) {
            openAll();
        }
    }

    /** One of them may be gone: the next call of {@link #open} looks at them again. */
    void recheck() {
        isOpen = false;
    }

    @Override
    public void close() {
        cluster.close();
    }

    private synchronized void openAll() {
        if (isOpen) {
            return;
        }
        cluster.open(topics.values());
        var found = cluster.partitions(topics.values());
        topics.forEach((tenant, topic) -> {
            int partitions = found.getOrDefault(topic.name(), topic.partitions());
            if (partitions != topic.partitions()) {
                throw new ChannelUnavailableException("Kafka for clients: " + topic.name() + " has " + partitions
                        + " partitions, and " + ClientKafkaSettings.PREFIX + "tenants." + tenant + ".partitions says "
                        + topic.partitions() + ": another number would break the order of each device");
            }
        });
        isOpen = true;
    }
}
