package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.mailbox.Backlog.From;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.ErrorResponseException;

/** Turns positions that cannot be had into problems for the client. */
public final class StartPositions {

    private final DeviceStreams streams;

    public StartPositions(DeviceStreams streams) {
        this.streams = streams;
    }

    /**
     * Where a consumer begins to read.
     *
     * @param after as in {@link DeviceStreams#start}
     * @throws ErrorResponseException 400 when it is no position, 410 when it is none of this stream
     */
    public From require(RegisteredDevice device, String consumer, @Nullable String after) {
        return switch (streams.start(device, consumer, after)) {
            case StartPosition.Known(var from) -> from;
            case StartPosition.Foreign(var reason) -> throw lost(device, reason);
            case StartPosition.Malformed() ->
                throw Problem.badRequest("after must be a cursor, earliest, latest or an RFC 3339 time such as"
                        + " 2026-01-02T03:04:05Z");
        };
    }

    /**
     * The offset a cursor names.
     *
     * @throws ErrorResponseException 410 when it is none of this stream
     */
    public long require(RegisteredDevice device, String cursor) {
        return switch (streams.resolve(device, cursor)) {
            case ResolvedCursor.Known(long offset) -> offset;
            case ResolvedCursor.Foreign(var reason) -> throw lost(device, reason);
        };
    }

    /** The problem a read came to. */
    public ErrorResponseException problem(RegisteredDevice device, StreamRead found) {
        return switch (found) {
            case StreamRead.Lost(var reason, long earliest) ->
                Problem.gone(reason.name().toLowerCase(Locale.ROOT), streams.cursor(device, earliest));
            case StreamRead.Unavailable(var cause) -> Problem.unavailable(cause);
            case StreamRead.OwnershipEnded() -> ownershipEnded(device);
            case StreamRead.Slice _ -> throw new IllegalArgumentException("a slice is no problem");
        };
    }

    /** The problem of a caller whose device has changed hands: 403, or 410 when it is still the caller's. */
    public ErrorResponseException ownershipEnded(RegisteredDevice former) {
        return streams.currentDevice(former.deviceId())
                .map(present -> present.userId().equals(former.userId())
                        ? lost(present, PositionLossReason.FOREIGN)
                        : Problem.foreignDevice())
                .orElseGet(() -> Problem.unknownDevice(former.deviceId()));
    }

    private ErrorResponseException lost(RegisteredDevice device, PositionLossReason reason) {
        return problem(device, streams.lost(device, reason));
    }
}
