package dev.ncwrelay.delivery.stream;

import dev.ncwrelay.delivery.feed.Event;
import dev.ncwrelay.delivery.feed.FeedRead;
import dev.ncwrelay.delivery.feed.ReadLimit;
import dev.ncwrelay.delivery.position.Position;
import dev.ncwrelay.delivery.position.Positions;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.springframework.http.HttpStatus;

/** Makes acknowledgements durable before the client hears of it. */
public final class Acknowledging {

    private static final int PATIENCE_SECONDS = 9;
    private static final ReadLimit EVERYTHING = new ReadLimit(Integer.MAX_VALUE, Long.MAX_VALUE, _ -> true);

    private final DeviceStreams streams;
    private final Positions positions;

    public Acknowledging(DeviceStreams streams, Positions positions) {
        this.streams = streams;
        this.positions = positions;
    }

    /** Acknowledges everything up to the offset. */
    public void upTo(RegisteredDevice device, String consumer, long offset) {
        await(device, consumer, before -> before.merge(Position.upTo(offset)));
    }

    /**
     * Acknowledges single messages.
     *
     * @throws org.springframework.web.ErrorResponseException 404 when one is not known here; then none is acknowledged
     */
    public void singly(RegisteredDevice device, String consumer, List<String> ids) {
        var held = heldAfter(device, -1);
        var unknown = new HashSet<>(ids);
        held.forEach(event -> unknown.remove(event.eventId()));
        if (!unknown.isEmpty()) {
            throw Problem.of(
                    HttpStatus.NOT_FOUND,
                    "unknown-message",
                    "No such message",
                    "ids must name messages this device has received lately; nothing was acknowledged",
                    Map.of("unknown", List.copyOf(unknown)));
        }
        var wanted = new HashSet<>(ids);
        acknowledge(
                device,
                consumer,
                held.stream()
                        .filter(event -> wanted.contains(event.eventId()))
                        .map(Event::offset)
                        .toList());
    }

    /** Acknowledges the message at this offset; false when there is none, or it was acknowledged before. */
    public boolean at(RegisteredDevice device, String consumer, long offset) {
        boolean open = heldAfter(device, -1).stream().anyMatch(event -> event.offset() == offset)
                && !streams.position(device, consumer).covers(offset);
        if (open) {
            acknowledge(device, consumer, List.of(offset));
        }
        return open;
    }

    private void acknowledge(RegisteredDevice device, String consumer, List<Long> offsets) {
        await(
                device,
                consumer,
                before -> before.with(offsets)
                        .folded(heldAfter(device, before.upTo()).stream()
                                .map(Event::offset)
                                .toList()));
    }

    /** All that is held after the offset; nothing when something before may be missing. */
    private List<Event> heldAfter(RegisteredDevice device, long offset) {
        return switch (streams.read(device, offset, EVERYTHING)) {
            case FeedRead.Slice slice -> slice.events();
            case FeedRead.TooOld(long earliest) -> offset == -1 ? heldAfter(device, earliest) : List.of();
        };
    }

    private void await(RegisteredDevice device, String consumer, UnaryOperator<Position> change) {
        CompletableFuture<Void> written = positions.acknowledge(device.deviceId(), consumer, change);
        try {
            written.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw Problem.unavailable("the acknowledgement could not be made durable");
        }
    }
}
