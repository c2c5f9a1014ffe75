package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.avro.DeviceCursor;
import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.delivery.messages.ack.AckPosition;
import dev.ncwrelay.delivery.messages.ack.AckPositions;
import dev.ncwrelay.delivery.messages.ack.ConsumerKey;
import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.TransactionUpdate;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies one partition's events and acknowledgements to its mailbox. */
final class MailboxProcessor implements Processor<byte[], byte[], Void, Void> {

    static final String STORE = "mailbox";

    private static final Logger log = LoggerFactory.getLogger(MailboxProcessor.class);
    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(500);
    /** Sufficient for 100,000 devices on 12 partitions that are always busy, with a margin, as a test shows. */
    static final Duration CLEANUP_INTERVAL = Duration.ofMillis(500);

    static final int CLEANUP_STEPS = 1_000;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final MailboxBounds bounds;
    private final RecordCodec codec;
    private final EventTopic events;
    private final int generation;
    private final int partitions;
    private final Function<String, Optional<RegisteredDevice>> registry;
    private @Nullable ProcessorContext<Void, Void> context;
    private @Nullable Mailbox mailbox;
    private MailboxProgress progress = MailboxProgress.NONE;
    private boolean isProgressStale;

    MailboxProcessor(
            MailboxBounds bounds,
            RecordCodec codec,
            EventTopic events,
            int generation,
            int partitions,
            Function<String, Optional<RegisteredDevice>> registry) {
        this.bounds = bounds;
        this.codec = codec;
        this.events = events;
        this.generation = generation;
        this.partitions = partitions;
        this.registry = registry;
    }

    @Override
    public void init(ProcessorContext<Void, Void> processorContext) {
        context = processorContext;
        KeyValueStore<Bytes, byte[]> store = processorContext.getStateStore(STORE);
        var opened = new Mailbox(store, bounds);
        mailbox = opened;
        var known = events.of(processorContext.taskId().partition());
        progress = MailboxProgress.opened(opened.progress(), known, processorContext.currentSystemTimeMs());
        if (progress.lostUpTo() >= 0 && progress.lostUpTo() == progress.upTo()) {
            log.atWarn()
                    .addKeyValue("partition", processorContext.taskId().partition())
                    .addKeyValue("offset", progress.lostUpTo())
                    .log("mailbox has lost events up to this offset");
        }
        opened.saveProgress(progress);
        processorContext.schedule(PROGRESS_INTERVAL, PunctuationType.WALL_CLOCK_TIME, _ -> saveProgress());
        processorContext.schedule(
                CLEANUP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> opened.runCleanups(now, CLEANUP_STEPS));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        var metadata = context().recordMetadata().orElseThrow();
        if (metadata.topic().equals(Topics.DEVICE_EVENTS.name())) {
            decoded(Topics.DEVICE_EVENTS, record.value(), metadata).ifPresent(event -> add(event, record, metadata));
            progress = progress.reached(metadata.offset());
            isProgressStale = true;
        } else if (record.value() == null) {
            removeConsumer(record);
        } else {
            decoded(Topics.DEVICE_CURSORS, record.value(), metadata)
                    .ifPresent(cursor -> acknowledge(cursor, record, metadata.offset()));
        }
    }

    private void removeConsumer(Record<byte[], byte[]> record) {
        ConsumerKey.parse(record.key())
                .ifPresent(key -> Objects.requireNonNull(mailbox)
                        .removeConsumer(
                                key.deviceId(),
                                key.consumer(),
                                AckPositions.removedUpTo(record.headers()).orElse(Long.MAX_VALUE),
                                record.timestamp()));
    }

    private void add(DeviceEvent event, Record<byte[], byte[]> record, RecordMetadata metadata) {
        var deviceId = event.getDeviceId();
        if (deviceId == null || DevicePartition.of(deviceId, partitions) != metadata.partition()) {
            return;
        }
        var opened = Objects.requireNonNull(mailbox);
        var stored = new StoredEvent(metadata.offset(), record.timestamp(), ByteBuffer.wrap(record.value()));
        opened.add(deviceId, event.getEventId(), stored, context().currentSystemTimeMs());
        var owner = registry.apply(deviceId);
        // An event routed by a stale replica for the device's former wallet is not about the current one.
        TransactionUpdate.of(Event.of(event, deviceId, metadata.offset()))
                .filter(_ -> owner.isEmpty() || owner.get().owns(metadata.offset(), event.getWalletId()))
                .ifPresent(update -> opened.update(
                        deviceId,
                        update.id(),
                        StoredTransaction.of(update, stored),
                        owner.map(RegisteredDevice::eventsFrom).orElse(-1L)));
    }

    private void acknowledge(DeviceCursor cursor, Record<byte[], byte[]> record, long offset) {
        long epoch = registry.apply(cursor.getDeviceId())
                .map(RegisteredDevice::epoch)
                .orElse(0L);
        // A late acknowledgement of a former owner must not delete messages of the current one.
        if (cursor.getGeneration() == generation && cursor.getEpoch() >= epoch) {
            Objects.requireNonNull(mailbox)
                    .acknowledge(
                            cursor.getDeviceId(),
                            cursor.getConsumer(),
                            new AckPosition(
                                    cursor.getEpoch(), cursor.getPosition(), new TreeSet<>(cursor.getAcknowledged())),
                            offset,
                            record.timestamp());
        }
    }

    /** Written periodically, because doing so for every event would double the writes. */
    private void saveProgress() {
        if (isProgressStale) {
            Objects.requireNonNull(mailbox).saveProgress(progress);
            isProgressStale = false;
        }
    }

    /**
     * Waits for the schema registry instead of skipping records; a record that can never be decoded is skipped, and its
     * dead letter is written by the feed's tail.
     */
    private <T extends SpecificRecord> Optional<T> decoded(
            Topic<T> topic, byte @Nullable [] value, RecordMetadata metadata) {
        while (value != null) {
            switch (codec.decode(topic, value)) {
                case Decoded.Value<T>(var found) -> {
                    return Optional.of(found);
                }
                case Decoded.Unreadable<T> _ -> {
                    return Optional.empty();
                }
                case Decoded.RegistryDown<T>(var reason) -> {
                    log.atWarn()
                            .addKeyValue("partition", metadata.partition())
                            .addKeyValue("reason", reason)
                            .log("schema registry unavailable, mailbox paused");
                    pause();
                }
            }
        }
        return Optional.empty();
    }

    private ProcessorContext<Void, Void> context() {
        return Objects.requireNonNull(context);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
