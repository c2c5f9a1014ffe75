package dev.ncwrelay.rpc.partition;

import dev.ncwrelay.rpc.request.RequestKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The offsets of the newest replies, limited by number and age; the oldest is removed first. Not safe for use by several
 * threads.
 */
final class NewestReplies {

    private final int maxReplies;
    private final Duration memory;
    private final LongSupplier nanos;
    private final LinkedHashMap<RequestKey, Reply> byRequest = new LinkedHashMap<>();

    private record Reply(long offset, long since) {}

    /** @param nanos the current {@link System#nanoTime} */
    NewestReplies(int maxReplies, Duration memory, LongSupplier nanos) {
        this.maxReplies = maxReplies;
        this.memory = memory;
        this.nanos = nanos;
    }

    /** The request has a reply at this offset, which is now the newest. */
    void add(RequestKey request, long offset) {
        long now = nanos.getAsLong();
        byRequest.putLast(request, new Reply(offset, now));
        while (byRequest.size() > maxReplies || isExpired(byRequest.firstEntry().getValue(), now)) {
            byRequest.pollFirstEntry();
        }
    }

    /** The offset of the reply to the request; empty when it has none, or none that is remembered. */
    Optional<Long> find(RequestKey request) {
        long now = nanos.getAsLong();
        return Optional.ofNullable(byRequest.get(request))
                .filter(reply -> !isExpired(reply, now))
                .map(Reply::offset);
    }

    private boolean isExpired(Reply reply, long now) {
        return now - reply.since() > memory.toNanos();
    }
}
