package dev.ncwrelay.delivery.rpc.call;

import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.memory.NewestEntries;
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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes RPC requests to Kafka and completes them with their replies, without blocking threads.
 *
 * <ol>
 *   <li>A call registers for its reply before the request is written, so that no reply is missed.
 *   <li>A request id of a device is written once; all calls with it get the same reply.
 * </ol>
 */
public final class RpcCalls {

    /**
     * Extra time for an {@code EXPIRED} reply, which rpc-service writes after the deadline, to arrive through Kafka.
     */
    private static final long EXPIRED_REPLY_GRACE_MILLIS = 3_000;

    private static final int WRITE_SECONDS = 9;

    private final RpcSettings settings;
    private final ReplyRegistry replies;
    private final RecordSender sender;
    private final InFlightCalls inFlight;
    private final Clock clock;
    private final NewestEntries<RequestKey, SentRequest> sent;
    private final PendingCalls pending;

    /**
     * A request that was written to Kafka, with the hash of its payload: the payloads of many minutes would need too
     * much memory.
     */
    private static final class SentRequest {
        private final ByteBuffer payloadHash;
        private final CompletableFuture<Void> written = new CompletableFuture<>();
        private volatile boolean answered;

        private SentRequest(ByteBuffer payloadHash) {
            this.payloadHash = payloadHash;
        }
    }

    /**
     * A started call.
     *
     * @param written completes when all in-sync replicas have the request
     * @param reply completes with the reply; fails after the call's timeout
     */
    public record StartedCall(CompletableFuture<Void> written, CompletableFuture<Reply> reply) {}

    /**
     * Creates it.
     *
     * @param maxKnownRequests of which the newest are remembered. One that is forgotten early is written again when it is
     *     repeated, and rpc-service then repeats its reply; that its id is used for another message is not noticed
     * @param nanos the time, as of {@link System#nanoTime}
     * @param registry returns the current registration of a device
     */
    RpcCalls(
            RpcSettings settings,
            int maxKnownRequests,
            ReplyRegistry replies,
            RecordSender sender,
            Clock clock,
            LongSupplier nanos,
            Function<String, Optional<RegisteredDevice>> registry) {
        this.settings = settings;
        this.replies = replies;
        this.sender = sender;
        this.inFlight = new InFlightCalls(settings.calls(), settings.callsPerDevice());
        this.clock = clock;
        this.pending = new PendingCalls(registry);
        this.sent = new NewestEntries<>(maxKnownRequests, settings.memory(), nanos);
    }

    /**
     * Makes a call, as {@link #start}, and returns its reply.
     *
     * @param headers trace context to pass on
     * @return the reply; fails with a {@link FailureException}, or with a {@code TimeoutException} after the timeout
     */
    public CompletableFuture<Reply> call(
            RegisteredDevice device, String requestId, String message, Map<String, String> headers) {
        var started = start(device, requestId, message, headers);
        return started.written().thenCompose(_ -> started.reply());
    }

    /**
     * Starts a call, or joins the one that was started with the same id.
     *
     * @param headers trace context to pass on
     * @throws FailureException when the message is not Unicode text, the id was used for another message, or too many
     *     calls are in flight
     */
    public StartedCall start(RegisteredDevice device, String requestId, String message, Map<String, String> headers) {
        if (message.codePoints().anyMatch(codePoint -> Character.getType(codePoint) == Character.SURROGATE)) {
            // It cannot be encoded in UTF-8, and a replacement character would change the SDK's message.
            throw new Failure.InvalidRequest("message must not have unpaired surrogates").exception();
        }
        var key = new RequestKey(device.deviceId(), device.epoch(), requestId);
        var payload = message.getBytes(StandardCharsets.UTF_8);
        var sentRequest = new SentRequest(ByteBuffer.wrap(sha256(payload)));
        var before = sent.putIfAbsent(key, sentRequest);
        if (before != null && !before.payloadHash.equals(sentRequest.payloadHash)) {
            throw new Failure.RequestIdInUse().exception();
        }
        var reply = replies.expect(key);
        if (reply.isDone()) {
            sentRequest.answered = true;
            return new StartedCall(CompletableFuture.completedFuture(null), reply);
        }
        if (before != null && !before.answered) {
            return new StartedCall(before.written, withinTimeout(device, reply));
        }
        // New, or the reply has been evicted: then rpc-service repeats it.
        return new StartedCall(sentRequest.written, write(device, key, sentRequest, payload, headers, reply));
    }

    /** The reply to a request that was started on this node, or whose reply this node has in memory. */
    public Optional<CompletableFuture<Reply>> findReply(RegisteredDevice device, RequestKey request) {
        var before = sent.get(request);
        return before != null && !before.answered
                ? Optional.of(withinTimeout(device, replies.expect(request)))
                : replies.find(request).map(CompletableFuture::completedFuture);
    }

    /** Ends the calls of an ownership that has ended, unless the device still belongs to the same user and tenant. */
    public void endCallsOf(RegisteredDevice former) {
        pending.end(former);
    }

    /** Number of calls in flight. */
    public int inFlight() {
        return inFlight.all();
    }

    /** The same reply, which fails after the timeout, or when the device's user or tenant changes. */
    CompletableFuture<Reply> withinTimeout(RegisteredDevice device, CompletableFuture<Reply> reply) {
        return pending.tracked(
                device,
                reply.orTimeout(settings.timeout().toMillis() + EXPIRED_REPLY_GRACE_MILLIS, TimeUnit.MILLISECONDS));
    }

    /**
     * Returns the client's request id, or a new one for null.
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
            SentRequest sentRequest,
            byte[] payload,
            Map<String, String> headers,
            CompletableFuture<Reply> reply) {
        try {
            inFlight.add(key.deviceId());
        } catch (RuntimeException full) {
            sent.remove(key, sentRequest);
            // For calls that have joined meanwhile.
            sentRequest.written.completeExceptionally(full);
            reply.cancel(false);
            throw full;
        }
        sent.put(key, sentRequest);
        var ended = withinTimeout(device, reply);
        var _ = ended.whenComplete((answer, _) -> {
            sentRequest.answered = answer != null;
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
        var _ = sender.publish(Topics.RPC_REQUESTS, key.deviceId(), key.deviceId(), request, headers)
                .orTimeout(WRITE_SECONDS, TimeUnit.SECONDS)
                .whenComplete((_, failure) -> {
                    if (failure == null) {
                        sentRequest.written.complete(null);
                        return;
                    }
                    // It may have been written nevertheless; a call with the same id then gets its reply.
                    sent.remove(key, sentRequest);
                    var failed = new Failure.Unavailable("the request could not be stored").exception();
                    sentRequest.written.completeExceptionally(failed);
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
