package dev.ncwrelay.delivery.rpc.call;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.rpc.reply.Reply;
import dev.ncwrelay.delivery.rpc.reply.ReplyRegistry;
import dev.ncwrelay.delivery.rpc.reply.RequestKey;
import dev.ncwrelay.delivery.rpc.reply.RpcSettings;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts calls on the log and waits for their answers, without a thread.
 *
 * <ol>
 *   <li>The answer is awaited before the request is written, so that none is missed.
 *   <li>The same request id of the same device is written once; all who ask get the one answer.
 * </ol>
 */
public final class RpcCalls {

    /** Extra time for an EXPIRED reply to arrive through Kafka. */
    private static final long EXPIRED_REPLY_GRACE_MILLIS = 3_000;

    private static final int WRITE_SECONDS = 9;
    /** One that is forgotten early is written again when it is asked again, and answered from the log. */
    private static final int MAX_KNOWN_REQUESTS = 200_000;

    private final RpcSettings settings;
    private final ReplyRegistry replies;
    private final RecordSender publisher;
    private final InFlightCalls inFlight;
    private final Clock clock;
    private final Cache<RequestKey, SentRequest> sent;
    private final PendingCalls running;

    /** A request that was put on the log. Of its payload the hash is kept: many payloads of minutes are much. */
    private static final class SentRequest {
        private final ByteBuffer payloadHash;
        private final CompletableFuture<Void> written = new CompletableFuture<>();
        private volatile boolean answered;

        private SentRequest(ByteBuffer payloadHash) {
            this.payloadHash = payloadHash;
        }
    }

    /**
     * A call that was begun.
     *
     * @param written done when all in-sync brokers have the request
     * @param reply done when there is one; fails after the call's timeout
     */
    public record StartedCall(CompletableFuture<Void> written, CompletableFuture<Reply> reply) {}

    /**
     * Creates it.
     *
     * @param registry who has which device now
     */
    public RpcCalls(
            RpcSettings settings,
            ReplyRegistry replies,
            RecordSender publisher,
            Clock clock,
            Function<String, Optional<RegisteredDevice>> registry) {
        this.settings = settings;
        this.replies = replies;
        this.publisher = publisher;
        this.inFlight = new InFlightCalls(settings.calls(), settings.callsPerDevice());
        this.clock = clock;
        this.running = new PendingCalls(registry);
        this.sent = Caffeine.newBuilder()
                .expireAfterWrite(settings.memory())
                .maximumSize(MAX_KNOWN_REQUESTS)
                .build();
    }

    /**
     * The answer to a call.
     *
     * @param headers trace context to pass on
     * @return fails with a {@link FailureException}, or after the timeout
     */
    public CompletableFuture<Reply> call(
            RegisteredDevice device, String requestId, String message, Map<String, String> headers) {
        var begun = start(device, requestId, message, headers);
        return begun.written().thenCompose(_ -> begun.reply());
    }

    /**
     * Begins a call, or joins the one that was begun under the same id.
     *
     * @param headers trace context to pass on
     * @throws FailureException when the message is not Unicode text, the id belongs to another message, or too many
     *     calls are unanswered
     */
    public StartedCall start(RegisteredDevice device, String requestId, String message, Map<String, String> headers) {
        if (message.codePoints().anyMatch(one -> Character.getType(one) == Character.SURROGATE)) {
            // It has no bytes in UTF-8; another character in its place would change what the SDK emitted.
            throw new Failure.InvalidRequest("message must not have unpaired surrogates").exception();
        }
        var key = new RequestKey(device.deviceId(), device.epoch(), requestId);
        var payload = message.getBytes(StandardCharsets.UTF_8);
        var mine = new SentRequest(ByteBuffer.wrap(sha256(payload)));
        var before = sent.asMap().putIfAbsent(key, mine);
        if (before != null && !before.payloadHash.equals(mine.payloadHash)) {
            throw new Failure.RequestIdInUse().exception();
        }
        var reply = replies.expect(key);
        if (reply.isDone()) {
            mine.answered = true;
            return new StartedCall(CompletableFuture.completedFuture(null), reply);
        }
        if (before != null && !before.answered) {
            return new StartedCall(before.written, withinTimeout(device, reply));
        }
        // New, or answered so long ago that the answer had to make room: rpc-service then repeats it from the log.
        return new StartedCall(mine.written, write(device, key, mine, payload, headers, reply));
    }

    /** The reply to a request that was begun here, or has a reply that is known here. */
    public Optional<CompletableFuture<Reply>> findReply(RegisteredDevice device, RequestKey request) {
        var before = sent.getIfPresent(request);
        return before != null && !before.answered
                ? Optional.of(withinTimeout(device, replies.expect(request)))
                : replies.find(request).map(CompletableFuture::completedFuture);
    }

    /** Ends the calls of an ownership that has ended, unless the device is still the same user's. */
    public void endCallsOf(RegisteredDevice former) {
        running.end(former);
    }

    /** How many calls are unanswered. */
    public int inFlight() {
        return inFlight.all();
    }

    /** The same reply, which fails after the timeout, or when the device changes hands. */
    CompletableFuture<Reply> withinTimeout(RegisteredDevice device, CompletableFuture<Reply> reply) {
        return running.tracked(
                device,
                reply.orTimeout(settings.timeout().toMillis() + EXPIRED_REPLY_GRACE_MILLIS, TimeUnit.MILLISECONDS));
    }

    /**
     * The request id a client gave, or a new one.
     *
     * @throws FailureException when it is not valid
     */
    public static String requestId(@Nullable String given) {
        if (given == null) {
            return UUID.randomUUID().toString();
        }
        if (!given.matches("[A-Za-z0-9._:-]{1,128}")) {
            throw new Failure.InvalidRequest("Request-Id must be 1 to 128 characters of A-Z a-z 0-9 . _ : -")
                    .exception();
        }
        return given;
    }

    private CompletableFuture<Reply> write(
            RegisteredDevice device,
            RequestKey key,
            SentRequest mine,
            byte[] payload,
            Map<String, String> headers,
            CompletableFuture<Reply> reply) {
        try {
            inFlight.add(key.deviceId());
        } catch (RuntimeException full) {
            sent.asMap().remove(key, mine);
            // For those that have joined it meanwhile.
            mine.written.completeExceptionally(full);
            reply.cancel(false);
            throw full;
        }
        sent.put(key, mine);
        var ended = withinTimeout(device, reply);
        var _ = ended.whenComplete((answer, _) -> {
            mine.answered = answer != null;
            inFlight.remove(key.deviceId());
        });
        var now = clock.instant();
        var request = new RpcRequest(
                key.logId(),
                key.deviceId(),
                device.walletId(),
                device.tenant(),
                ByteBuffer.wrap(payload),
                now,
                now.plus(settings.timeout()));
        var _ = publisher
                .publish(Topics.RPC_REQUESTS, key.deviceId(), key.deviceId(), request, headers)
                .orTimeout(WRITE_SECONDS, TimeUnit.SECONDS)
                .whenComplete((_, failure) -> {
                    if (failure == null) {
                        mine.written.complete(null);
                        return;
                    }
                    // It may be on the log all the same; asking again under the same id is then answered by it.
                    sent.invalidate(key);
                    var failed = new Failure.Unavailable("the request could not be made durable").exception();
                    mine.written.completeExceptionally(failed);
                    ended.completeExceptionally(failed);
                });
        return ended;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
