package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Queries the broker over one connection for all partitions of this node. A failure stops the stream thread, which is then
 * replaced by another.
 */
final class KafkaEventTopic implements EventTopic, AutoCloseable {

    private final Map<String, Object> adminConfig;
    private final String group;
    private @Nullable Admin connection;
    private boolean closed;

    KafkaEventTopic(Map<String, Object> adminConfig, String group) {
        this.adminConfig = adminConfig;
        this.group = group;
    }

    @Override
    public Known of(int partition) {
        var asked = new TopicPartition(Topics.DEVICE_EVENTS.name(), partition);
        var admin = connection();
        try {
            var start = admin.listOffsets(Map.of(asked, OffsetSpec.earliest())).partitionResult(asked);
            var committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(asked);
            var changelog = group + "-" + MailboxProcessor.STORE + "-changelog";
            var topicId = Objects.requireNonNull(admin.describeTopics(List.of(changelog))
                            .allTopicNames()
                            .get()
                            .get(changelog))
                    .topicId();
            return new Known(
                    start.get().offset(),
                    committed == null ? 0 : committed.offset(),
                    topicId.getMostSignificantBits() ^ topicId.getLeastSignificantBits());
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the events topic and the mailbox changelog cannot be described", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private synchronized Admin connection() {
        if (closed) {
            throw new IllegalStateException("the mailbox is closed");
        }
        var open = connection;
        if (open == null) {
            open = Admin.create(adminConfig);
            connection = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        closed = true;
        var open = connection;
        if (open != null) {
            open.close(Duration.ZERO);
            connection = null;
        }
    }
}
