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

/** Finds calls that were started before, on any node: in this node's memory, or else in Kafka. */
public final class RpcLookups {

    private static final Logger log = LoggerFactory.getLogger(RpcLookups.class);

    private final RpcCalls calls;
    private final ReplyRegistry replies;
    private final CompletedCalls completedCalls;
    private final FairLookupQueue queue;
    private final InFlightCalls inFlight;
    private final Duration memory;

    /**
     * Creates it.
     *
     * @param queue distributes the threads that read from Kafka fairly between users
     * @param inFlight limits the lookups that wait for a reply
     * @param memory how long a request id can be looked up
     */
    RpcLookups(
            RpcCalls calls,
            ReplyRegistry replies,
            CompletedCalls completedCalls,
            FairLookupQueue queue,
            InFlightCalls inFlight,
            Duration memory) {
        this.calls = calls;
        this.replies = replies;
        this.completedCalls = completedCalls;
        this.queue = queue;
        this.inFlight = inFlight;
        this.memory = memory;
    }

    /**
     * A call that was found; its reply has arrived or will arrive.
     *
     * @param reply to be cancelled by the caller when it no longer waits
     */
    public record FoundCall(CompletableFuture<Reply> reply) {}

    /**
     * Finds the call. The future fails with a {@link FailureException} when there is no such call, or Kafka cannot be
     * read.
     *
     * @throws FailureException when the limit of concurrent lookups of the device, the user or the node is reached
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
        // Before Kafka is read: a reply that arrives meanwhile is not missed.
        var reply = calls.withinTimeout(device, replies.expect(request));
        var found = new CompletableFuture<FoundCall>();
        var added = queue.add(device.userId(), () -> {
            try {
                found.complete(findOnTopic(request, reply));
            } catch (RuntimeException problem) {
                reply.cancel(false);
                found.completeExceptionally(problem);
            }
        });
        return switch (added) {
            case ADDED -> found;
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
            found = completedCalls.find(request);
        } catch (RuntimeException e) {
            log.atWarn()
                    .addKeyValue("requestId", request.requestId())
                    .addKeyValue("deviceId", request.deviceId())
                    .addKeyValue("reason", e)
                    .log("request lookup failed");
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
