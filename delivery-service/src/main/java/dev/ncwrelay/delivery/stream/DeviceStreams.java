package dev.ncwrelay.delivery.stream;

import dev.ncwrelay.delivery.cursor.Cursor;
import dev.ncwrelay.delivery.cursor.CursorCheck;
import dev.ncwrelay.delivery.cursor.CursorCodec;
import dev.ncwrelay.delivery.feed.Feed;
import dev.ncwrelay.delivery.feed.FeedRead;
import dev.ncwrelay.delivery.feed.ReadLimit;
import dev.ncwrelay.delivery.position.Position;
import dev.ncwrelay.delivery.position.Positions;
import dev.ncwrelay.delivery.stream.Start.After;
import dev.ncwrelay.delivery.stream.Start.Lost;
import dev.ncwrelay.delivery.stream.Start.Reason;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Turns what a client asks for into a place in its device's stream, and places into what the client is given. */
public final class DeviceStreams {

    private static final String EARLIEST = "earliest";
    private static final String LATEST = "latest";

    private final Feed feed;
    private final Positions positions;
    private final CursorCodec cursors;
    private final IntSupplier generation;

    public DeviceStreams(Feed feed, Positions positions, CursorCodec cursors, IntSupplier generation) {
        this.feed = feed;
        this.positions = positions;
        this.cursors = cursors;
        this.generation = generation;
    }

    /**
     * Where a consumer begins to read.
     *
     * @param after a cursor, {@code earliest}, {@code latest} or an RFC 3339 time; null for the acknowledged position
     */
    public Start start(RegisteredDevice device, String consumer, @Nullable String after) {
        if (after == null) {
            return acknowledged(device, consumer);
        }
        if (after.equals(EARLIEST)) {
            return new After(earliest(device));
        }
        if (after.equals(LATEST)) {
            return new After(feed.state(device.deviceId()).next() - 1);
        }
        return after.contains(":") ? atTime(device, after) : atCursor(device, after);
    }

    /** The place a cursor names, for an acknowledgement. */
    public Start atCursor(RegisteredDevice device, String token) {
        return switch (cursors.decode(device.deviceId(), token)) {
            case CursorCheck.Foreign() -> lost(device, Reason.FOREIGN);
            case CursorCheck.Genuine(var cursor) -> {
                if (cursor.generation() != generation.getAsInt()) {
                    yield lost(device, Reason.GENERATION);
                }
                yield cursor.partition() == feed.partitionOf(device.deviceId())
                        ? new After(cursor.offset())
                        : lost(device, Reason.FOREIGN);
            }
        };
    }

    /** What the device has after {@code offset}. */
    public FeedRead read(RegisteredDevice device, long offset, ReadLimit limit) {
        return feed.read(device.deviceId(), offset, limit);
    }

    /** What this consumer has acknowledged. */
    public Position position(RegisteredDevice device, String consumer) {
        return positions.find(device.deviceId(), consumer).orElse(Position.NONE);
    }

    /** A cursor for this place, as text. */
    public String cursor(RegisteredDevice device, long offset) {
        return cursor(device, cursorAt(device, offset));
    }

    public String cursor(RegisteredDevice device, Cursor cursor) {
        return cursors.encode(device.deviceId(), cursor);
    }

    /** What came after the place asked for is older than what is held. */
    public Lost retention(RegisteredDevice device, long earliest) {
        return new Lost(Reason.RETENTION, cursorAt(device, earliest));
    }

    private Start acknowledged(RegisteredDevice device, String consumer) {
        var position = positions.find(device.deviceId(), consumer);
        if (position.isPresent() && position.get().upTo() >= 0) {
            return new After(position.get().upTo());
        }
        // A consumer that never acknowledged may claim everything since its device was registered.
        return feed.coveredSince(device.deviceId()).isAfter(device.registeredAt())
                ? lost(device, Reason.RETENTION)
                : new After(earliest(device));
    }

    private Start atTime(RegisteredDevice device, String text) {
        try {
            var time = OffsetDateTime.parse(text).toInstant();
            return feed.before(device.deviceId(), time)
                    .<Start>map(After::new)
                    .orElseGet(() -> lost(device, Reason.RETENTION));
        } catch (DateTimeException e) {
            return new Start.Unreadable();
        }
    }

    private Lost lost(RegisteredDevice device, Reason reason) {
        return new Lost(reason, cursorAt(device, earliest(device)));
    }

    private long earliest(RegisteredDevice device) {
        return feed.state(device.deviceId()).start() - 1;
    }

    private Cursor cursorAt(RegisteredDevice device, long offset) {
        return new Cursor(generation.getAsInt(), feed.partitionOf(device.deviceId()), Math.max(-1, offset));
    }
}
