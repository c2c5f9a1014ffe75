package dev.ncwrelay.ingress.redrive;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.ingress.publish.EventPublisher;
import dev.ncwrelay.ingress.publish.PublishOutcome;
import dev.ncwrelay.ingress.route.Destination;
import dev.ncwrelay.ingress.route.Destination.ToDevice;
import dev.ncwrelay.ingress.route.Router;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.deadletter.DeadLetters;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes kept events of a wallet to its devices and marks them as delivered. */
final class KeptEventDelivery {

    private static final Logger log = LoggerFactory.getLogger(KeptEventDelivery.class);

    private final KeptEventReader reader;
    private final RecordCodec codec;
    private final Router router;
    private final EventPublisher publisher;
    private final DeadLetterSink deadLetters;
    private final Clock clock;

    KeptEventDelivery(
            KeptEventReader reader,
            RecordCodec codec,
            Router router,
            EventPublisher publisher,
            DeadLetterSink deadLetters,
            Clock clock) {
        this.reader = reader;
        this.codec = codec;
        this.router = router;
        this.publisher = publisher;
        this.deadLetters = deadLetters;
        this.clock = clock;
    }

    /**
     * Result of a batch.
     *
     * @param waiting offsets of events that stay kept because the wallet has no device except the one they announce
     */
    record DeliveryResult(PublishOutcome outcome, Set<Long> waiting) {
        DeliveryResult {
            waiting = Set.copyOf(waiting);
        }
    }

    /** Blocks until the events are acknowledged or the publisher has timed out. */
    DeliveryResult deliver(String walletId, int partition, List<Long> offsets) {
        var destinations = new ArrayList<Destination>();
        var waiting = new HashSet<Long>();
        var records = reader.read(partition, offsets);
        for (var record : records) {
            decode(record).ifPresent(event -> {
                var recipients = router.recipients(walletId, event.getRequestingDeviceId());
                if (recipients.isEmpty()) {
                    waiting.add(record.offset());
                }
                recipients.forEach(
                        device -> destinations.add(new ToDevice(device.deviceId(), addressed(event, device))));
            });
        }
        var done = records.stream()
                .map(ConsumerRecord::offset)
                .filter(offset -> !waiting.contains(offset))
                .toList();
        var outcome = publisher.publish(destinations, Optional.empty()).join();
        if (outcome instanceof PublishOutcome.Acknowledged) {
            outcome = publisher.markDelivered(walletId, done).join();
        }
        if (outcome instanceof PublishOutcome.Acknowledged && !destinations.isEmpty()) {
            log.atInfo()
                    .addKeyValue("walletId", walletId)
                    .addKeyValue("outcome", destinations.size())
                    .log("kept events delivered");
        }
        return new DeliveryResult(outcome, waiting);
    }

    /** The event; empty when it is unreadable and was sent to the dead letters. */
    private Optional<DeviceEvent> decode(ConsumerRecord<String, byte[]> record) {
        return switch (codec.decode(Topics.WALLET_UNROUTED, record.value())) {
            case Decoded.Value<DeviceEvent>(var event) -> Optional.of(event);
            case Decoded.Unreadable<DeviceEvent>(var reason) -> {
                deadLetters.publish(DeadLetters.of(record, reason, clock.instant()));
                yield Optional.empty();
            }
            case Decoded.RegistryDown<DeviceEvent>(var reason) ->
                throw new IllegalStateException("schema registry: " + reason);
        };
    }

    private static DeviceEvent addressed(DeviceEvent event, RegisteredDevice device) {
        return DeviceEvent.newBuilder(event)
                .setDeviceId(device.deviceId())
                .setTenant(device.tenant())
                .build();
    }
}
