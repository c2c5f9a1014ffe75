package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.cursor.Cursor;
import dev.ncwrelay.cursor.CursorCheck;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.delivery.messages.ack.AckPosition;
import dev.ncwrelay.delivery.messages.ack.AckPositions;
import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.FeedRead;
import dev.ncwrelay.delivery.messages.feed.LatencyMetrics;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads devices' streams for all transports, and converts between offsets and the cursors and start positions of
 * clients.
 */
public final class DeviceStreams {

    private static final String EARLIEST = "earliest";
    private static final String LATEST = "latest";
    private static final ReadLimit ONE_EVENT = new ReadLimit(1, 1, _ -> true);

    private final Feed feed;
    private final StreamSource source;
    private final AckPositions positions;
    private final CursorCodec cursors;
    private final IntSupplier generation;
    private final LatencyMetrics latency;

    public DeviceStreams(
            Feed feed,
            StreamSource source,
            AckPositions positions,
            CursorCodec cursors,
            IntSupplier generation,
            LatencyMetrics latency) {
        this.feed = feed;
        this.source = source;
        this.positions = positions;
        this.cursors = cursors;
        this.generation = generation;
        this.latency = latency;
    }

    /**
     * The position at which a consumer begins to read.
     *
     * @param after a cursor, {@code earliest}, {@code latest} or an RFC 3339 time; null for the acknowledged position
     */
    ResolvedStart start(RegisteredDevice device, String consumer, @Nullable String after) {
        if (after == null) {
            long acknowledgedUpTo = position(device, consumer).upTo();
            return acknowledgedUpTo < 0 ? new ResolvedStart.Known(beginning(device)) : at(acknowledgedUpTo);
        }
        if (after.equals(EARLIEST)) {
            return new ResolvedStart.Known(new StartPosition.Earliest());
        }
        if (after.equals(LATEST)) {
            return at(feed.state(device.deviceId()).next() - 1);
        }
        if (after.contains(":")) {
            return atTime(after);
        }
        return switch (resolve(device, after)) {
            case ResolvedCursor.Known(long offset) -> at(offset);
            case ResolvedCursor.Foreign(var reason) -> new ResolvedStart.Foreign(reason);
        };
    }

    /**
     * The position at which a consumer begins that has never acknowledged: all messages since the device was
     * registered.
     */
    public StartPosition beginning(RegisteredDevice device) {
        return device.eventsFrom() < 0
                ? new StartPosition.SinceRegistration(device.registeredAt())
                : new StartPosition.After(device.eventsFrom() - 1);
    }

    /** The offset of a cursor, if it is one of this device's stream. */
    ResolvedCursor resolve(RegisteredDevice device, String token) {
        return switch (cursors.decode(device.deviceId(), token)) {
            case CursorCheck.Invalid() -> new ResolvedCursor.Foreign(PositionLossReason.FOREIGN);
            case CursorCheck.Valid(var cursor) -> {
                if (cursor.generation() != generation.getAsInt()) {
                    yield new ResolvedCursor.Foreign(PositionLossReason.GENERATION);
                }
                yield cursor.epoch() == device.epoch() && cursor.partition() == feed.partitionOf(device.deviceId())
                        ? new ResolvedCursor.Known(cursor.offset())
                        : new ResolvedCursor.Foreign(PositionLossReason.FOREIGN);
            }
        };
    }

    /** Creates a reader of the device's stream. */
    public StreamReader reader(RegisteredDevice device, StartPosition from, ReadLimit limit) {
        int current = generation.getAsInt();
        return new StreamReader(
                source, device, from, limit, latency, generation, current, offset -> cursor(device, current, offset));
    }

    /** Reads the device's messages from this position. May query other nodes, for seconds at most. */
    public StreamRead read(RegisteredDevice device, StartPosition from, ReadLimit limit) {
        return source.read(device, from, limit);
    }

    /** True while the device's registration still has {@code device}'s ownership. */
    public boolean isCurrent(RegisteredDevice device) {
        return source.isCurrent(device);
    }

    /** The device as it is registered now. */
    public Optional<RegisteredDevice> currentDevice(String deviceId) {
        return source.currentDevice(deviceId);
    }

    /** As {@link #read}, but retries while the backlog is unavailable; blocks for seconds. */
    public StreamRead readWithRetry(RegisteredDevice device, StartPosition from, ReadLimit limit) {
        return source.readWithRetry(device, from, limit);
    }

    /** The event at this offset, if it is in the ring. */
    Optional<Event> findHeld(RegisteredDevice device, long offset) {
        return feed.read(device.deviceId(), offset - 1, ONE_EVENT) instanceof FeedRead.Found(var page)
                ? page.events().stream()
                        .filter(event -> event.offset() == offset)
                        .findFirst()
                : Optional.empty();
    }

    /**
     * The result for a reader whose position is not available: the reason, and the earliest position to continue with.
     */
    public StreamRead lost(RegisteredDevice device, PositionLossReason reason) {
        long first = Math.max(-1, device.eventsFrom() - 1);
        return switch (read(device, new StartPosition.After(first), ONE_EVENT)) {
            case StreamRead.Found _ -> new StreamRead.Lost(reason, first);
            case StreamRead.Lost(var _, long earliest) -> new StreamRead.Lost(reason, earliest);
            case StreamRead.Unavailable unavailable -> unavailable;
            case StreamRead.OwnershipEnded ended -> ended;
        };
    }

    /** The acknowledged position of this consumer. */
    public AckPosition position(RegisteredDevice device, String consumer) {
        return positions.find(device.deviceId(), device.epoch(), consumer).orElse(AckPosition.empty(device.epoch()));
    }

    /** The cursor of this offset, as text. */
    public String cursor(RegisteredDevice device, long offset) {
        return cursor(device, generation.getAsInt(), offset);
    }

    private String cursor(RegisteredDevice device, int generation, long offset) {
        var cursor = new Cursor(generation, device.epoch(), feed.partitionOf(device.deviceId()), Math.max(-1, offset));
        return cursors.encode(device.deviceId(), cursor);
    }

    private static ResolvedStart atTime(String text) {
        try {
            return new ResolvedStart.Known(
                    new StartPosition.Since(OffsetDateTime.parse(text).toInstant()));
        } catch (DateTimeException e) {
            return new ResolvedStart.Malformed();
        }
    }

    private static ResolvedStart at(long offset) {
        return new ResolvedStart.Known(new StartPosition.After(offset));
    }
}
