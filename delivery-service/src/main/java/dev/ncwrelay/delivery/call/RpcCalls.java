package dev.ncwrelay.delivery.call;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.publish.Publisher;
import dev.ncwrelay.delivery.reply.Replies;
import dev.ncwrelay.delivery.reply.Reply;
import dev.ncwrelay.delivery.reply.RequestKey;
import dev.ncwrelay.delivery.reply.RpcSettings;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Puts calls on the log and waits for their answers, without a thread.
 *
 * <ol>
 *   <li>The answer is awaited before the request is written, so that none is missed.
 *   <li>The same request id of the same device is written once; all who ask get the one answer.
 * </ol>
 */
public final class RpcCalls {

    /** Time for the word of a deadline that has passed to come back through the log. */
    private static final long GRACE_MILLIS = 3_000;

    private static final int WRITE_SECONDS = 9;

    private final RpcSettings settings;
    private final Replies replies;
    private final Publisher publisher;
    private final Clock clock;
    private final Cache<RequestKey, Sent> sent;

    /** A request that was put on the log. */
    private record Sent(ByteBuffer payload, CompletableFuture<Void> written) {}

    public RpcCalls(RpcSettings settings, Replies replies, Publisher publisher, Clock clock) {
        this.settings = settings;
        this.replies = replies;
        this.publisher = publisher;
        this.clock = clock;
        this.sent = Caffeine.newBuilder().expireAfterWrite(settings.memory()).build();
    }

    /**
     * The answer to a call.
     *
     * @param headers trace context to pass on
     * @return fails with the problem to answer, or after the timeout
     */
    public CompletableFuture<Reply> call(
            RegisteredDevice device, String requestId, String message, Map<String, String> headers) {
        var key = new RequestKey(device.deviceId(), requestId);
        var payload = ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
        var mine = new Sent(payload, new CompletableFuture<>());
        var before = sent.asMap().putIfAbsent(key, mine);
        if (before != null && !before.payload().equals(payload)) {
            throw conflict();
        }
        var reply = replies.expect(key);
        if (before == null && reply.isDone()) {
            // Answered already, through another node.
            mine.written().complete(null);
        } else if (before == null) {
            write(device, key, mine, headers);
        }
        var written = before == null ? mine.written() : before.written();
        return written.thenCompose(_ -> reply)
                .orTimeout(settings.timeout().toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * The request id a client gave, or a new one.
     *
     * @throws org.springframework.web.ErrorResponseException 400 when it is none
     */
    public static String requestId(@Nullable String given) {
        if (given == null) {
            return UUID.randomUUID().toString();
        }
        if (!given.matches("[A-Za-z0-9._:-]{1,128}")) {
            throw Problem.badRequest("Request-Id must be 1 to 128 characters of A-Z a-z 0-9 . _ : -");
        }
        return given;
    }

    private void write(RegisteredDevice device, RequestKey key, Sent mine, Map<String, String> headers) {
        var now = clock.instant();
        var request = new RpcRequest(
                key.requestId(),
                key.deviceId(),
                device.walletId(),
                device.tenant(),
                mine.payload().duplicate(),
                now,
                now.plus(settings.timeout()));
        var _ = publisher
                .publish(Topics.RPC_REQUESTS, key.deviceId(), key.deviceId(), request, headers)
                .orTimeout(WRITE_SECONDS, TimeUnit.SECONDS)
                .whenComplete((_, failure) -> {
                    if (failure == null) {
                        mine.written().complete(null);
                        return;
                    }
                    // It may be on the log all the same; asking again under the same id is then answered by it.
                    sent.invalidate(key);
                    mine.written().completeExceptionally(Problem.unavailable("the request could not be made durable"));
                });
    }

    private static RuntimeException conflict() {
        return Problem.of(
                HttpStatus.CONFLICT,
                "request-id-in-use",
                "This Request-Id stands for another request",
                "a new Request-Id is expected with each new message; the same one repeats the same message",
                Map.of());
    }
}
