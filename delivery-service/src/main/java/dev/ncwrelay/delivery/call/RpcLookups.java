package dev.ncwrelay.delivery.call;

import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.reply.PastCalls;
import dev.ncwrelay.delivery.reply.Replies;
import dev.ncwrelay.delivery.reply.Reply;
import dev.ncwrelay.delivery.reply.RequestKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/** Finds calls that were begun before, on any node: what is known here at once, anything else on the log. */
public final class RpcLookups {

    private static final Logger log = LoggerFactory.getLogger(RpcLookups.class);

    private final RpcCalls calls;
    private final Replies replies;
    private final PastCalls past;
    private final Executor readers;
    private final Duration memory;

    /**
     * @param readers few threads that may wait for Kafka; full when it rejects
     * @param memory how long a request id is known
     */
    RpcLookups(RpcCalls calls, Replies replies, PastCalls past, Executor readers, Duration memory) {
        this.calls = calls;
        this.replies = replies;
        this.past = past;
        this.readers = readers;
        this.memory = memory;
    }

    /** A call that is known; its reply is there or will be. */
    public record Known(CompletableFuture<Reply> reply) {}

    /** Finds the call; fails with the problem to answer: 404 when there is none, 503 when nobody can say. */
    public CompletableFuture<Known> find(RequestKey request) {
        var here = calls.known(request);
        if (here.isPresent()) {
            return CompletableFuture.completedFuture(new Known(here.get()));
        }
        // Before the log is read: a reply that comes meanwhile is not missed.
        var reply = replies.expect(request);
        try {
            return CompletableFuture.supplyAsync(() -> onTheLog(request, reply), readers);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(Problem.unavailable("too many requests are being looked up"));
        }
    }

    private Known onTheLog(RequestKey request, CompletableFuture<Reply> reply) {
        PastCalls.Found found;
        try {
            found = past.find(request);
        } catch (RuntimeException e) {
            log.atWarn()
                    .addKeyValue("requestId", request.requestId())
                    .addKeyValue("deviceId", request.deviceId())
                    .addKeyValue("reason", e)
                    .log("request not looked up");
            throw Problem.unavailable("the log cannot be read");
        }
        return switch (found) {
            case PastCalls.Found.Answered(var answer) -> new Known(CompletableFuture.completedFuture(answer));
            case PastCalls.Found.Unanswered _ -> new Known(reply);
            case PastCalls.Found.Nothing _ ->
                throw Problem.of(
                        HttpStatus.NOT_FOUND,
                        "unknown-request",
                        "No such request",
                        "the id of a request of this device is expected, of the last " + memory.toMinutes()
                                + " minutes",
                        Map.of());
        };
    }
}
