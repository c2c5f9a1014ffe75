package dev.ncwrelay.delivery.rpc.reply;

import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.kafka.tail.TailListener;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Completes the calls that wait on this node with the replies read from Kafka.
 *
 * <ol>
 *   <li>A request has one reply, however often it was repeated: the first one in the topic.
 *   <li>A reply that has already arrived is returned at once while it is remembered.
 *   <li>Callers are completed without a lock held.
 *   <li>An expected reply is removed when its last caller stops waiting.
 * </ol>
 */
public final class ReplyRegistry implements TailListener<RpcReply> {

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final RecentReplies recent;
    private final Map<RequestKey, Expected> expected = new HashMap<>();

    private static final class Expected {

        private final CompletableFuture<Reply> reply = new CompletableFuture<>();
        private int waiting;
    }

    public ReplyRegistry(long maxBytes, Duration memory, Clock clock) {
        this.recent = new RecentReplies(maxBytes, memory);
        this.clock = clock;
    }

    /** The reply to this request, now or when it arrives. The caller completes or cancels it when it stops waiting. */
    public CompletableFuture<Reply> expect(RequestKey request) {
        CompletableFuture<Reply> mine;
        Expected coming;
        lock.lock();
        try {
            Optional<Reply> known = recent.find(request, clock.instant());
            if (known.isPresent()) {
                return CompletableFuture.completedFuture(known.get());
            }
            coming = expected.computeIfAbsent(request, _ -> new Expected());
            coming.waiting++;
            mine = coming.reply.copy();
        } finally {
            lock.unlock();
        }
        var _ = mine.whenComplete((_, _) -> forget(request, coming));
        return mine;
    }

    /** The reply to this request, if it has arrived and is remembered. */
    public Optional<Reply> find(RequestKey request) {
        lock.lock();
        try {
            return recent.find(request, clock.instant());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void read(@Nullable RpcReply record, ConsumerRecord<String, byte[]> at) {
        if (record == null) {
            return;
        }
        var request = RequestKey.fromLogId(record.getDeviceId(), record.getRequestId());
        Reply reply;
        @Nullable Expected waiter;
        lock.lock();
        try {
            reply = recent.keep(request, Reply.of(record), clock.instant());
            waiter = expected.remove(request);
        } finally {
            lock.unlock();
        }
        if (waiter != null) {
            waiter.reply.complete(reply);
        }
    }

    /** Number of requests that wait for a reply. */
    int expected() {
        lock.lock();
        try {
            return expected.size();
        } finally {
            lock.unlock();
        }
    }

    private void forget(RequestKey request, Expected coming) {
        lock.lock();
        try {
            if (--coming.waiting == 0) {
                expected.remove(request, coming);
            }
        } finally {
            lock.unlock();
        }
    }
}
