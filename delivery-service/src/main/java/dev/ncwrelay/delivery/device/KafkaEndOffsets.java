package dev.ncwrelay.delivery.device;

import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.Topics;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads the end offsets from the brokers. */
final class KafkaEndOffsets implements DeviceRegistrar.EndOffsetSource, AutoCloseable {

    private final Map<String, Object> config;
    private @Nullable Admin admin;

    KafkaEndOffsets(KafkaConnection kafka) {
        this.config = kafka.admin("delivery-registrations");
    }

    @Override
    public CompletableFuture<DeviceRegistrar.EndOffsets> of(int partition) {
        var devices = new TopicPartition(Topics.DEVICES.name(), partition);
        var events = new TopicPartition(Topics.DEVICE_EVENTS.name(), partition);
        try {
            var asked = admin().listOffsets(Map.of(devices, OffsetSpec.latest(), events, OffsetSpec.latest()));
            return offset(asked, devices)
                    .thenCombine(offset(asked, events), DeviceRegistrar.EndOffsets::new)
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

    /** Created with the first registration: at startup the brokers' names may not resolve yet. */
    private synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(config);
        }
        return admin;
    }

    private static CompletableFuture<Long> offset(ListOffsetsResult asked, TopicPartition partition) {
        return asked.partitionResult(partition)
                .toCompletionStage()
                .toCompletableFuture()
                .thenApply(ListOffsetsResult.ListOffsetsResultInfo::offset);
    }

    private static RuntimeException unavailable() {
        return Problem.unavailable("the end of the registrations cannot be read");
    }
}
