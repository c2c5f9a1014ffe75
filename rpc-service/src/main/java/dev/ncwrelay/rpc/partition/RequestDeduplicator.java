package dev.ncwrelay.rpc.partition;

import dev.ncwrelay.rpc.request.RequestKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Deduplicates the requests of one partition: in flight or recently answered. A client may repeat a request under the
 * same id, possibly on another node; it is called once, and all records of it have the one reply.
 *
 * <p>Safe for use by many threads.
 */
public final class RequestDeduplicator {

    /** About 10 MB per partition. An evicted request is called again only if it is repeated. */
    private static final int MAX_ANSWERED = 50_000;

    private final Map<RequestKey, List<Long>> running = new HashMap<>();
    private final NewestReplies answered;

    /** What to do with a record. */
    public sealed interface Admission {
        /** The first record of the request: to be processed. */
        record First() implements Admission {}

        /** A record of the same request is being processed; this one is complete together with it. */
        record Joined() implements Admission {}

        /** The request has a reply. */
        record Answered(long replyOffset) implements Admission {}
    }

    /**
     * @param answeredBefore the requests answered by previous owners, with the offsets of the replies, the newest last
     * @param nanos the current {@link System#nanoTime}
     */
    RequestDeduplicator(Map<RequestKey, Long> answeredBefore, Duration memory, LongSupplier nanos) {
        this.answered = new NewestReplies(MAX_ANSWERED, memory, nanos);
        answeredBefore.forEach(answered::add);
    }

    synchronized Admission admit(RequestKey request, long offset) {
        var reply = answered.find(request);
        if (reply.isPresent()) {
            return new Admission.Answered(reply.get());
        }
        var offsets = running.get(request);
        if (offsets != null) {
            offsets.add(offset);
            return new Admission.Joined();
        }
        running.put(request, new ArrayList<>(List.of(offset)));
        return new Admission.First();
    }

    /**
     * The reply to the request is acknowledged at this offset.
     *
     * @return the offsets of the records that are complete with it
     */
    synchronized List<Long> answered(RequestKey request, long replyOffset) {
        answered.add(request, replyOffset);
        return abandoned(request);
    }

    /** A previous owner has replied, at this offset. */
    public synchronized void inheritedReply(RequestKey request, long replyOffset) {
        if (answered.find(request).isEmpty()) {
            answered.add(request, replyOffset);
        }
        notifyAll();
    }

    /**
     * Waits for the reply of a previous owner.
     *
     * @param timeout the longest wait
     * @return the offset of the reply; empty on timeout
     */
    synchronized OptionalLong awaitReply(RequestKey request, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            var reply = answered.find(request);
            if (reply.isPresent()) {
                return OptionalLong.of(reply.get());
            }
            long remaining = end - System.nanoTime();
            if (remaining <= 0) {
                return OptionalLong.empty();
            }
            // Rounded up: wait(0) would wait without a timeout.
            wait(Duration.ofNanos(remaining).toMillis() + 1);
        }
    }

    /**
     * The request will have no reply.
     *
     * @return the offsets of the records that are complete without it
     */
    synchronized List<Long> abandoned(RequestKey request) {
        var offsets = running.remove(request);
        return offsets == null ? List.of() : offsets;
    }
}
