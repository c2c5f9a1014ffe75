package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.messages.ack.AckOutcome;
import dev.ncwrelay.delivery.messages.ack.AckPosition;
import dev.ncwrelay.delivery.messages.ack.AckPositions;
import dev.ncwrelay.delivery.messages.ack.ConsumerName;
import dev.ncwrelay.delivery.messages.feed.EventMetadata;
import dev.ncwrelay.delivery.messages.feed.LatencyMetrics;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Acknowledges a consumer's messages. The returned futures complete when the acknowledgement is stored, without
 * blocking a thread; they fail with a {@link FailureException}.
 */
public final class Acknowledgements {

    private static final int TIMEOUT_SECONDS = 9;

    private final DeviceStreams streams;
    private final MessageLocator locator;
    private final AckPositions positions;
    private final LatencyMetrics latency;

    public Acknowledgements(
            DeviceStreams streams, MessageLocator locator, AckPositions positions, LatencyMetrics latency) {
        this.streams = streams;
        this.locator = locator;
        this.positions = positions;
        this.latency = latency;
    }

    /** Acknowledges everything up to the offset. */
    public CompletableFuture<Void> upTo(RegisteredDevice device, String consumer, long offset) {
        return write(device, consumer, AckPosition.upTo(device.epoch(), offset))
                .thenRun(() -> streams.findHeld(device, offset)
                        .ifPresent(event -> latency.recordAcknowledged(event.receivedAt())));
    }

    /**
     * Acknowledges individual messages.
     *
     * @throws FailureException when one of them is unknown or no longer available, or that cannot be determined now;
     *     then none is acknowledged
     */
    public CompletableFuture<Void> individually(RegisteredDevice device, String consumer, List<String> ids) {
        var offsets = locator.offsets(device, ids);
        var unknown =
                ids.stream().filter(id -> !offsets.containsKey(id)).distinct().toList();
        if (!unknown.isEmpty()) {
            throw new Failure.UnknownMessages(unknown).exception();
        }
        var wanted = ids.stream().map(offsets::get).toList();
        var before = latest(device, consumer).with(wanted);
        return write(
                device,
                consumer,
                locator.compacted(
                        device.deviceId(),
                        before,
                        owned(device, metadata -> ConsumerName.receives(consumer, metadata.physicalDeviceId()))));
    }

    /**
     * Acknowledges the message at this offset, for a client that receives some messages only and whose protocol cannot
     * report gaps: messages that are no longer available count as acknowledged.
     *
     * @param receives which messages the consumer receives
     * @return false when the consumer receives no message at this offset, or acknowledged it before
     */
    public CompletableFuture<Boolean> at(
            RegisteredDevice device, String consumer, long offset, Predicate<EventMetadata> receives) {
        var deviceId = device.deviceId();
        if (streams.position(device, consumer).covers(offset)
                || !locator.exists(deviceId, offset, owned(device, receives))) {
            return CompletableFuture.completedFuture(false);
        }
        var before = locator.skipEvicted(deviceId, latest(device, consumer));
        var after = locator.compacted(deviceId, before.with(List.of(offset)), owned(device, receives));
        return write(device, consumer, after).thenApply(_ -> true);
    }

    /** What is acknowledged in this ownership; everything before the ownership counts as acknowledged. */
    private AckPosition latest(RegisteredDevice device, String consumer) {
        return positions
                .latest(device.deviceId(), device.epoch(), consumer)
                .merge(AckPosition.upTo(device.epoch(), device.eventsFrom() - 1));
    }

    private static Predicate<EventMetadata> owned(RegisteredDevice device, Predicate<EventMetadata> receives) {
        return receives.and(metadata -> device.owns(metadata.offset(), metadata.walletId()));
    }

    private CompletableFuture<Void> write(RegisteredDevice device, String consumer, AckPosition added) {
        return positions
                .acknowledge(device.deviceId(), consumer, added)
                .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .thenAccept(Acknowledgements::requireAcknowledged)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(failureOf(failure)));
    }

    private static Throwable failureOf(Throwable thrown) {
        return FailureException.of(thrown)
                .orElse(new Failure.Unavailable("the acknowledgement could not be stored"))
                .exception();
    }

    private static void requireAcknowledged(AckOutcome outcome) {
        switch (outcome) {
            case AckOutcome.Acknowledged() -> {}
            case AckOutcome.TooManyConsumers(int limit) -> throw new Failure.TooManyConsumers(limit).exception();
            case AckOutcome.TooManyIndividual(int limit) -> throw new Failure.TooManyIndividualAcks(limit).exception();
        }
    }
}
