package dev.ncwrelay.delivery.messages.ack;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A consumer's write that is in flight, and the one that follows it. Not thread-safe. */
final class PendingWrites {

    private @Nullable Write current;
    private @Nullable Write next;

    /** A record that is or will be in flight, and the future of the acknowledgements in it. */
    static final class Write {

        private final CompletableFuture<AckOutcome> done = new CompletableFuture<>();
        private AckPosition position;
        private boolean isWritten;

        private Write(AckPosition position) {
            this.position = position;
        }

        AckPosition position() {
            return position;
        }

        CompletableFuture<AckOutcome> done() {
            return done;
        }
    }

    /** True when no write is in flight or follows. */
    boolean isIdle() {
        return current == null && next == null;
    }

    /** The position with all these writes. */
    AckPosition mergedWith(AckPosition position) {
        var merged = current == null ? position : position.merge(current.position);
        return next == null ? merged : merged.merge(next.position);
    }

    /** The write in flight, if it contains this position. */
    Optional<CompletableFuture<AckOutcome>> inFlightWith(AckPosition added) {
        return current != null && current.position.merge(added).equals(current.position)
                ? Optional.of(current.done)
                : Optional.empty();
    }

    /** Makes this position the next write. */
    CompletableFuture<AckOutcome> schedule(AckPosition position) {
        if (next == null) {
            next = new Write(position);
        } else {
            next.position = position;
        }
        return next.done;
    }

    /**
     * Starts the next write if there is one and none is in flight.
     *
     * @param known what has been stored meanwhile, and becomes part of the write
     */
    Optional<Write> start(AckPosition known) {
        if (current != null || next == null) {
            return Optional.empty();
        }
        current = next;
        next = null;
        current.position = current.position.merge(known);
        return Optional.of(current);
    }

    /** Records that this write, which is in flight, is stored. */
    void written(Write write) {
        write.isWritten = true;
    }

    /** Ends the write in flight if it is stored, so that the next one may start. */
    Optional<CompletableFuture<AckOutcome>> takeWritten() {
        return current != null && current.isWritten ? Optional.of(takeCurrent(current)) : Optional.empty();
    }

    /** Ends a write that failed, so that the next one may start. */
    CompletableFuture<AckOutcome> takeFailed(Write write) {
        return takeCurrent(write);
    }

    /** Ends all writes, and returns their futures. */
    List<CompletableFuture<AckOutcome>> takeAll() {
        var all = Stream.of(Optional.ofNullable(current), Optional.ofNullable(next))
                .flatMap(Optional::stream)
                .map(Write::done)
                .toList();
        current = null;
        next = null;
        return all;
    }

    private CompletableFuture<AckOutcome> takeCurrent(Write write) {
        current = null;
        return write.done;
    }
}
