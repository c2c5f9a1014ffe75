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
 * Hands each reply of the log to whoever waits for it here.
 *
 * <ol>
 *   <li>A request has one reply, however often it was asked and answered: the first on the log.
 *   <li>Who asks for a reply that has already come, has it at once while it is remembered.
 *   <li>No waiter is completed while a lock is held.
 *   <li>What is expected is bounded by those who wait: it is forgotten with the last of them.
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

    /** The reply to this request, now or when it comes. The caller ends it when it waits no longer. */
    public CompletableFuture<Reply> expect(RequestKey request) {
        CompletableFuture<Reply> mine;
        Expected coming;
        lock.lock();
        try {
            Optional<Reply> known = recent.find(request);
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

    /** How many requests a reply is expected to. */
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
