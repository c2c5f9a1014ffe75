package dev.ncwrelay.delivery.reply;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.schemas.tail.TailListener;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Hands each reply of the log to whoever waits for it here.
 *
 * <ol>
 *   <li>A request has one reply, however often it was asked and answered: the first on the log.
 *   <li>Who asks for a reply that has already come, has it at once while it is remembered.
 *   <li>No waiter is completed while a lock is held.
 * </ol>
 */
public final class Replies implements TailListener<RpcReply> {

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final RecentReplies recent;
    private final Cache<RequestKey, CompletableFuture<Reply>> expected;

    public Replies(long maxBytes, Duration memory, Clock clock) {
        this.recent = new RecentReplies(maxBytes, memory);
        this.expected = Caffeine.newBuilder().expireAfterAccess(memory).build();
        this.clock = clock;
    }

    /** The reply to this request, now or when it comes. Ends only by a reply: the caller bounds its patience, within
     * the memory given. */
    public CompletableFuture<Reply> expect(RequestKey request) {
        lock.lock();
        try {
            Optional<Reply> known = recent.find(request);
            return known.map(CompletableFuture::completedFuture)
                    .orElseGet(() -> expected.get(request, _ -> new CompletableFuture<>()))
                    .copy();
        } finally {
            lock.unlock();
        }
    }

    /** The reply to this request, if it has come and is remembered. */
    public Optional<Reply> find(RequestKey request) {
        lock.lock();
        try {
            return recent.find(request);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void read(@Nullable RpcReply record, ConsumerRecord<String, byte[]> at) {
        if (record == null) {
            return;
        }
        var request = new RequestKey(record.getDeviceId(), record.getRequestId());
        Reply reply;
        @Nullable CompletableFuture<Reply> waiter;
        lock.lock();
        try {
            reply = recent.keep(request, Reply.of(record), clock.instant());
            waiter = expected.asMap().remove(request);
        } finally {
            lock.unlock();
        }
        if (waiter != null) {
            waiter.complete(reply);
        }
    }
}
