package dev.ncwrelay.delivery.offset;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.Topic;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads end offsets from the brokers. Safe for use by many threads, none of which waits. */
public final class EndOffsetLookup implements AutoCloseable {

    private final Map<String, Object> config;
    private @Nullable Admin admin;

    EndOffsetLookup(KafkaConnection kafka) {
        this.config = kafka.admin("delivery-offsets");
    }

    /** The offset of the next record of this partition; fails with {@link Failure.Unavailable}. */
    public CompletableFuture<Long> of(Topic<?> topic, int partition) {
        var asked = new TopicPartition(topic.name(), partition);
        try {
            return admin().listOffsets(Map.of(asked, OffsetSpec.latest()))
                    .partitionResult(asked)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .thenApply(ListOffsetsResultInfo::offset)
                    .exceptionallyCompose(_ -> CompletableFuture.failedFuture(unavailable()));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(unavailable());
        }
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close();
        }
    }

    /** Created with the first lookup: at startup the brokers' names may not resolve yet. */
    private synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(config);
        }
        return admin;
    }

    private static RuntimeException unavailable() {
        return new Failure.Unavailable("end offsets cannot be read from Kafka").exception();
    }
}
