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
 * Acknowledges a consumer's messages. What is returned completes when the brokers have the acknowledgement, without a
 * thread that waits; it fails with a {@link FailureException}.
 */
public final class Acknowledgements {

    private static final int TIMEOUT_SECONDS = 9;

    private final DeviceStreams streams;
    private final MessageLocator locator;
    private final AckPositions positions;
    private final LatencyMetrics stages;

    public Acknowledgements(
            DeviceStreams streams, MessageLocator finding, AckPositions positions, LatencyMetrics stages) {
        this.streams = streams;
        this.locator = finding;
        this.positions = positions;
        this.stages = stages;
    }

    /** Acknowledges everything up to the offset. */
    public CompletableFuture<Void> upTo(RegisteredDevice device, String consumer, long offset) {
        return write(device, consumer, AckPosition.upTo(device.epoch(), offset))
                .thenRun(() -> streams.findHeld(device, offset)
                        .ifPresent(event -> stages.recordAcknowledged(event.receivedAt())));
    }

    /**
     * Acknowledges single messages.
     *
     * @throws FailureException when one of them is unknown; then none is acknowledged
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
                        owned(device, outline -> ConsumerName.receives(consumer, outline.physicalDeviceId()))));
    }

    /**
     * Acknowledges the message at this offset, for a consumer that is served some messages only and has no word for a
     * gap: what is no longer held counts as acknowledged.
     *
     * @param served which messages the consumer is given
     * @return false when it is given none at this offset, or acknowledged it before
     */
    public CompletableFuture<Boolean> at(
            RegisteredDevice device, String consumer, long offset, Predicate<EventMetadata> served) {
        var deviceId = device.deviceId();
        if (streams.position(device, consumer).covers(offset)
                || !locator.exists(deviceId, offset, owned(device, served))) {
            return CompletableFuture.completedFuture(false);
        }
        var before = locator.skipEvicted(deviceId, latest(device, consumer));
        var after = locator.compacted(deviceId, before.with(List.of(offset)), owned(device, served));
        return write(device, consumer, after).thenApply(_ -> true);
    }

    /** What is acknowledged in this ownership: what was before it, is not to be acknowledged by anybody. */
    private AckPosition latest(RegisteredDevice device, String consumer) {
        return positions
                .latest(device.deviceId(), device.epoch(), consumer)
                .merge(AckPosition.upTo(device.epoch(), device.eventsFrom() - 1));
    }

    private static Predicate<EventMetadata> owned(RegisteredDevice device, Predicate<EventMetadata> served) {
        return served.and(outline -> device.owns(outline.offset(), outline.walletId()));
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
                .orElse(new Failure.Unavailable("the acknowledgement could not be made durable"))
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
