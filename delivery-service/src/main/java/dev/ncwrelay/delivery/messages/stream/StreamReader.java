package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.feed.LatencyMetrics;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.mailbox.Backlog.From;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;

/**
 * One consumer's way along its device's stream. It remembers how far it has seen, so that after a first look into the
 * backlog the later ones need the ring alone. To be used by one thread at a time.
 */
public final class StreamReader {

    private final StreamSource source;
    private final RegisteredDevice device;
    private final ReadLimit limit;
    private final LatencyMetrics stages;
    private final IntSupplier generation;
    private final int generationAtStart;
    private final LongFunction<String> cursors;
    private volatile From from;
    private volatile boolean isWaiting;

    /**
     * Creates it.
     *
     * @param generation when it changes, all that is read from here is lost
     * @param cursors makes a cursor of this life of an offset
     */
    StreamReader(
            StreamSource source,
            RegisteredDevice device,
            From from,
            ReadLimit limit,
            LatencyMetrics stages,
            IntSupplier generation,
            int life,
            LongFunction<String> cursors) {
        this.generation = generation;
        this.generationAtStart = life;
        this.cursors = cursors;
        this.source = source;
        this.device = device;
        this.from = from;
        this.limit = limit;
        this.stages = stages;
    }

    /** What there is to tell; empty when nothing is there yet. Does not move past what it returns. */
    public Optional<StreamRead> poll() {
        return toResult(read());
    }

    /**
     * The same for a reader that is held until there is something: once it has been up to date, what is away just now
     * is looked for again, and if that takes long the wait goes on. May block for seconds, except for the first time.
     */
    public Optional<StreamRead> pollWithRetry() {
        if (!isWaiting) {
            return poll();
        }
        var found = checked(source.readWithRetry(device, from, limit));
        return found instanceof StreamRead.Unavailable ? Optional.empty() : toResult(found);
    }

    private Optional<StreamRead> toResult(StreamRead read) {
        return switch (read) {
            case StreamRead.Slice slice
            when slice.events().isEmpty() && !slice.more() -> {
                from = new From.After(slice.next());
                isWaiting = true;
                yield Optional.empty();
            }
            case StreamRead.Slice slice -> {
                slice.events().forEach(event -> stages.recordSent(event.receivedAt()));
                yield Optional.of(slice);
            }
            case StreamRead found -> Optional.of(found);
        };
    }

    /** What there is from here, even if it is nothing: its position is the freshest to come back with. */
    public StreamRead read() {
        return checked(source.read(device, from, limit));
    }

    /** The same at the end of a wait: what is away just now is for the next one, which begins where this one was. */
    public StreamRead readLast() {
        var found = read();
        return found instanceof StreamRead.Unavailable && isWaiting
                ? new StreamRead.Slice(List.of(), position(), false)
                : found;
    }

    /** A cursor for an offset that was read here. */
    public String cursor(long offset) {
        return cursors.apply(offset);
    }

    private StreamRead checked(StreamRead found) {
        return generation.getAsInt() == generationAtStart
                ? found
                : new StreamRead.Lost(PositionLossReason.GENERATION, -1);
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
