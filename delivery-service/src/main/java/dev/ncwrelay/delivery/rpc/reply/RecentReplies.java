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
        var before = held.get(request);
        if (before != null) {
            return before.reply();
        }
        var added = new Held(reply, now);
        if (added.bytes() > maxBytes / MAX_SHARE_DIVISOR) {
            return reply;
        }
        held.put(request, added);
        bytes += added.bytes();
        while (bytes > maxBytes
                || held.firstEntry().getValue().since().plus(memory).isBefore(now)) {
            bytes -= held.pollFirstEntry().getValue().bytes();
            if (held.isEmpty()) {
                break;
            }
        }
        return reply;
    }

    Optional<Reply> find(RequestKey request) {
        return Optional.ofNullable(held.get(request)).map(Held::reply);
    }
}
