package dev.ncwrelay.rpc.partition;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ncwrelay.rpc.request.RequestKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Which requests of one partition are being carried out or were answered lately, so that one that is on the log twice
 * is called once. Clients ask again under the same id, on another node perhaps; the one reply is for all who ask.
 *
 * <p>Safe for use by many threads.
 */
public final class RequestDeduplicator {

    /** About 10 MB a partition; what is forgotten early can only be called twice if it is asked for twice. */
    private static final int MAX_ANSWERED = 50_000;

    private final Map<RequestKey, List<Long>> running = new HashMap<>();
    private final Cache<RequestKey, Long> answered;

    /** What to do with a record. */
    public sealed interface Admission {
        /** To be carried out. */
        record First() implements Admission {}

        /** Finished when the record before it is. */
        record Joined() implements Admission {}

        /** Its reply is on the log. */
        record Answered(long replyOffset) implements Admission {}
    }

    /** @param answeredBefore the offsets of their replies */
    RequestDeduplicator(Map<RequestKey, Long> answeredBefore, Duration memory) {
        this.answered = Caffeine.newBuilder()
                .expireAfterWrite(memory)
                .maximumSize(MAX_ANSWERED)
                .build();
        answered.putAll(answeredBefore);
    }

    synchronized Admission admit(RequestKey request, long offset) {
        var reply = answered.getIfPresent(request);
        if (reply != null) {
            return new Admission.Answered(reply);
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
     * The request's reply is on the log, at this offset.
     *
     * @return the offsets of the records that are finished by it
     */
    synchronized List<Long> answered(RequestKey request, long replyOffset) {
        answered.put(request, replyOffset);
        return abandoned(request);
    }

    /** A reply of an owner before is on the log, at this offset. */
    public synchronized void inheritedReply(RequestKey request, long replyOffset) {
        answered.asMap().putIfAbsent(request, replyOffset);
        notifyAll();
    }

    /**
     * Waits for the reply of an owner before.
     *
     * @param timeout the longest wait
     * @return the reply's offset; empty when it has not come
     */
    synchronized OptionalLong awaitReply(RequestKey request, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            var reply = answered.getIfPresent(request);
            if (reply != null) {
                return OptionalLong.of(reply);
            }
            long remaining = end - System.nanoTime();
            if (remaining <= 0) {
                return OptionalLong.empty();
            }
            // Rounded up: a wait of 0 would be one without end.
            wait(Duration.ofNanos(remaining).toMillis() + 1);
        }
    }

    /**
     * The request will have no reply.
     *
     * @return the offsets of the records that are finished without it
     */
    synchronized List<Long> abandoned(RequestKey request) {
        var offsets = running.remove(request);
        return offsets == null ? List.of() : offsets;
    }
}
