package dev.ncwrelay.delivery.rpc.reply;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Recent replies, for repeated requests. Limited by bytes and age. Not safe for use by several threads. */
final class RecentReplies {

    private static final int OVERHEAD_BYTES = 300;

    /** A reply larger than this share is not kept: it would evict many others. */
    private static final int MAX_SHARE_DIVISOR = 4;

    private final long maxBytes;
    private final Duration memory;
    private final LinkedHashMap<RequestKey, Held> held = new LinkedHashMap<>();
    private long bytes;

    private record Held(Reply reply, Instant since) {
        long bytes() {
            return (long) OVERHEAD_BYTES + reply.bytes();
        }
    }

    RecentReplies(long maxBytes, Duration memory) {
        this.maxBytes = maxBytes;
        this.memory = memory;
    }

    /** Keeps the first reply to a request, which the client may have seen. */
    Reply keep(RequestKey request, Reply reply, Instant now) {
        var known = find(request, now);
        if (known.isPresent()) {
            return known.get();
        }
        remove(request);
        var added = new Held(reply, now);
        if (added.bytes() > maxBytes / MAX_SHARE_DIVISOR) {
            return reply;
        }
        held.put(request, added);
        bytes += added.bytes();
        while (bytes > maxBytes || isOld(held.firstEntry().getValue(), now)) {
            remove(held.firstEntry().getKey());
        }
        return reply;
    }

    /** The reply to this request; empty once it is older than the memory, also when nothing has removed it yet. */
    Optional<Reply> find(RequestKey request, Instant now) {
        return Optional.ofNullable(held.get(request))
                .filter(known -> !isOld(known, now))
                .map(Held::reply);
    }

    private boolean isOld(Held reply, Instant now) {
        return reply.since().plus(memory).isBefore(now);
    }

    private void remove(RequestKey request) {
        var removed = held.remove(request);
        if (removed != null) {
            bytes -= removed.bytes();
        }
    }
}
