package dev.ncwrelay.delivery.rpc.call;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.rpc.reply.CompletedCalls;
import dev.ncwrelay.delivery.rpc.reply.Reply;
import dev.ncwrelay.delivery.rpc.reply.ReplyRegistry;
import dev.ncwrelay.delivery.rpc.reply.RequestKey;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds calls that were begun before, on any node: what is known here at once, anything else on the log. */
public final class RpcLookups {

    private static final Logger log = LoggerFactory.getLogger(RpcLookups.class);

    private final RpcCalls calls;
    private final ReplyRegistry replies;
    private final CompletedCalls past;
    private final FairLookupQueue queue;
    private final InFlightCalls inFlight;
    private final Duration memory;

    /**
     * Creates it.
     *
     * @param turns give each user a turn on the threads that read the log
     * @param held bounds the lookups that wait for a reply
     * @param memory how long a request id is known
     */
    RpcLookups(
            RpcCalls calls,
            ReplyRegistry replies,
            CompletedCalls past,
            FairLookupQueue turns,
            InFlightCalls held,
            Duration memory) {
        this.calls = calls;
        this.replies = replies;
        this.past = past;
        this.queue = turns;
        this.inFlight = held;
        this.memory = memory;
    }

    /**
     * A call that is known; its reply is there or will be.
     *
     * @param reply to be ended by the caller when it waits no longer
     */
    public record FoundCall(CompletableFuture<Reply> reply) {}

    /**
     * Finds the call; fails with a {@link FailureException} when there is none, or Kafka cannot be read.
     *
     * @throws FailureException when the device, the user or all together look up too many at a time
     */
    public CompletableFuture<FoundCall> find(RegisteredDevice device, RequestKey request) {
        inFlight.add(device.deviceId());
        CompletableFuture<FoundCall> found;
        try {
            found = calls.findReply(device, request)
                    .map(reply -> CompletableFuture.completedFuture(new FoundCall(reply)))
                    .orElseGet(() -> lookUp(device, request));
        } catch (RuntimeException e) {
            inFlight.remove(device.deviceId());
            throw e;
        }
        var _ = found.thenCompose(FoundCall::reply).whenComplete((_, _) -> inFlight.remove(device.deviceId()));
        return found;
    }

    private CompletableFuture<FoundCall> lookUp(RegisteredDevice device, RequestKey request) {
        // Before the log is read: a reply that comes meanwhile is not missed.
        var reply = calls.withinTimeout(device, replies.expect(request));
        var found = new CompletableFuture<FoundCall>();
        var taken = queue.add(device.userId(), () -> {
            try {
                found.complete(findOnTopic(request, reply));
            } catch (RuntimeException problem) {
                reply.cancel(false);
                found.completeExceptionally(problem);
            }
        });
        return switch (taken) {
            case YES -> found;
            case USER_FULL -> {
                reply.cancel(false);
                throw new Failure.TooManyLookups().exception();
            }
            case FULL -> {
                reply.cancel(false);
                throw new Failure.Unavailable("too many requests are being looked up").exception();
            }
        };
    }

    private FoundCall findOnTopic(RequestKey request, CompletableFuture<Reply> reply) {
        if (reply.isDone()) {
            return new FoundCall(reply);
        }
        CompletedCalls.Found found;
        try {
            found = past.find(request);
        } catch (RuntimeException e) {
            log.atWarn()
                    .addKeyValue("requestId", request.requestId())
                    .addKeyValue("deviceId", request.deviceId())
                    .addKeyValue("reason", e)
                    .log("request not looked up");
            throw new Failure.Unavailable("the topic cannot be read").exception();
        }
        return switch (found) {
            case CompletedCalls.Found.Answered(var answer) -> {
                reply.complete(answer);
                yield new FoundCall(reply);
            }
            case CompletedCalls.Found.Pending _ -> new FoundCall(reply);
            case CompletedCalls.Found.NotFound _ -> throw new Failure.UnknownRequest(memory).exception();
        };
    }
}
