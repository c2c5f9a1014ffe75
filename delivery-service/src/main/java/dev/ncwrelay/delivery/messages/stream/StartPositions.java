package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Resolves start positions and cursors given by clients, and converts failed reads to failures. */
public final class StartPositions {

    private final DeviceStreams streams;

    public StartPositions(DeviceStreams streams) {
        this.streams = streams;
    }

    /**
     * The position at which a consumer begins to read.
     *
     * @param after as in {@link DeviceStreams#start}
     * @throws FailureException when {@code after} is not a position, or not one of this device's stream
     */
    public StartPosition require(RegisteredDevice device, String consumer, @Nullable String after) {
        return switch (streams.start(device, consumer, after)) {
            case ResolvedStart.Known(var from) -> from;
            case ResolvedStart.Foreign(var reason) -> throw lost(device, reason).exception();
            case ResolvedStart.Malformed() ->
                throw new Failure.InvalidRequest("after must be a cursor, earliest, latest or an RFC 3339 time such as"
                                + " 2026-01-02T03:04:05Z")
                        .exception();
        };
    }

    /**
     * The offset of a cursor.
     *
     * @throws FailureException when it is not a cursor of this device's stream
     */
    public long require(RegisteredDevice device, String cursor) {
        return switch (streams.resolve(device, cursor)) {
            case ResolvedCursor.Known(long offset) -> offset;
            case ResolvedCursor.Foreign(var reason) ->
                throw lost(device, reason).exception();
        };
    }

    /** The failure of a read that returned no page. */
    public Failure failure(RegisteredDevice device, StreamRead found) {
        return switch (found) {
            case StreamRead.Lost(var reason, long earliest) ->
                new Failure.PositionGone(reason.name().toLowerCase(Locale.ROOT), streams.cursor(device, earliest));
            case StreamRead.Unavailable(var cause) -> new Failure.Unavailable(cause);
            case StreamRead.OwnershipEnded() -> ownershipEnded(device);
            case StreamRead.Found _ -> throw new IllegalArgumentException("a page is not a failure");
        };
    }

    /**
     * The failure for a caller whose device's ownership has ended: the device belongs to another user or, with a lost
     * position, still to the caller.
     */
    public Failure ownershipEnded(RegisteredDevice former) {
        return streams.currentDevice(former.deviceId())
                .<Failure>map(present -> present.userId().equals(former.userId())
                        ? lost(present, PositionLossReason.FOREIGN)
                        : new Failure.ForeignDevice())
                .orElseGet(() -> new Failure.UnknownDevice(former.deviceId()));
    }

    private Failure lost(RegisteredDevice device, PositionLossReason reason) {
        return failure(device, streams.lost(device, reason));
    }
}
