package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.feed.LatencyMetrics;
import dev.ncwrelay.delivery.messages.feed.Page;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;

/**
 * One consumer's read position in its device's stream. It advances past events that the consumer does not receive, so
 * that after a first read of the mailbox later ones need the ring only. To be used by one thread at a time.
 */
public final class StreamReader {

    private final StreamSource source;
    private final RegisteredDevice device;
    private final ReadLimit limit;
    private final LatencyMetrics latency;
    private final IntSupplier generation;
    private final int generationAtStart;
    private final LongFunction<String> cursors;
    private volatile StartPosition from;
    private volatile boolean isWaiting;

    /**
     * Creates it.
     *
     * @param generation the current generation; once it differs from the one at the start, the position is lost
     * @param cursors makes a cursor of the generation at the start from an offset
     */
    StreamReader(
            StreamSource source,
            RegisteredDevice device,
            StartPosition from,
            ReadLimit limit,
            LatencyMetrics latency,
            IntSupplier generation,
            int generationAtStart,
            LongFunction<String> cursors) {
        this.generation = generation;
        this.generationAtStart = generationAtStart;
        this.cursors = cursors;
        this.source = source;
        this.device = device;
        this.from = from;
        this.limit = limit;
        this.latency = latency;
    }

    /** Reads what is available; empty when there are no events yet. Does not move past the events it returns. */
    public Optional<StreamRead> poll() {
        return toResult(read());
    }

    /**
     * As {@link #poll}, for a held reader: once it has been up to date, an unavailable backlog is retried, and if that
     * takes too long the result is empty, so that the wait continues. May block for seconds, except the first time.
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
            case StreamRead.Found(var page)
            when page.events().isEmpty() && !page.more() -> {
                from = new StartPosition.After(page.upTo());
                isWaiting = true;
                yield Optional.empty();
            }
            case StreamRead.Found found -> {
                found.page().events().forEach(event -> latency.recordSent(event.receivedAt()));
                yield Optional.of(found);
            }
            case StreamRead failure -> Optional.of(failure);
        };
    }

    /** Reads what is available, even if there are no events: the page has the latest position to continue with. */
    public StreamRead read() {
        return checked(source.read(device, from, limit));
    }

    /**
     * The last read of a wait; an unavailable backlog yields an empty page at the current position, where the next
     * wait begins.
     */
    public StreamRead readLast() {
        var found = read();
        return found instanceof StreamRead.Unavailable && isWaiting
                ? new StreamRead.Found(new Page(List.of(), position(), false))
                : found;
    }

    /** The cursor of an offset that this reader has read. */
    public String cursor(long offset) {
        return cursors.apply(offset);
    }

    private StreamRead checked(StreamRead found) {
        return generation.getAsInt() == generationAtStart
                ? found
                : new StreamRead.Lost(PositionLossReason.GENERATION, -1);
    }

    /** The offset up to which it has read; -1 before the first read, unless it begins at an offset. */
    public long position() {
        return from instanceof StartPosition.After(long offset) ? offset : -1;
    }

    /** Moves the position: everything up to this offset has been sent. */
    public void moveTo(long offset) {
        from = new StartPosition.After(offset);
    }
}
