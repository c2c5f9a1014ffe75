package dev.ncwrelay.delivery.stream;

import dev.ncwrelay.delivery.feed.ReadLimit;
import dev.ncwrelay.delivery.mailbox.Backlog.From;
import dev.ncwrelay.delivery.measure.Stages;
import java.util.Optional;

/**
 * One consumer's way along its device's stream. It remembers how far it has seen, so that after a first look into the
 * backlog the later ones need the ring alone. To be used by one thread at a time.
 */
public final class StreamReader {

    private final StreamSource source;
    private final String deviceId;
    private final ReadLimit limit;
    private final Stages stages;
    private volatile From from;

    StreamReader(StreamSource source, String deviceId, From from, ReadLimit limit, Stages stages) {
        this.source = source;
        this.deviceId = deviceId;
        this.from = from;
        this.limit = limit;
        this.stages = stages;
    }

    /** What there is to tell; empty when nothing is there yet. Does not move past what it returns. */
    public Optional<StreamRead> look() {
        return switch (read()) {
            case StreamRead.Slice slice
            when slice.events().isEmpty() && !slice.more() -> {
                from = new From.After(slice.next());
                yield Optional.empty();
            }
            case StreamRead.Slice slice -> {
                slice.events().forEach(event -> stages.answered(event.receivedAt()));
                yield Optional.of(slice);
            }
            case StreamRead found -> Optional.of(found);
        };
    }

    /** What there is from here, even if it is nothing: its position is the freshest to come back with. */
    public StreamRead read() {
        return source.read(deviceId, from, limit);
    }

    /** How far it has seen; -1 before the first look. */
    public long position() {
        return from instanceof From.After(long offset) ? offset : -1;
    }

    /** Moves on: everything up to there has been given. */
    public void moveTo(long offset) {
        from = new From.After(offset);
    }
}
