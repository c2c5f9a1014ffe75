package dev.ncwrelay.delivery.rpc.call;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.rpc.reply.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/** Calls without an answer, as problems with a stable {@code code}. */
public final class RpcProblems {

    private static final int TOO_MANY_REQUESTS = 429;

    private RpcProblems() {}

    public static ErrorResponseException refused(Reply.Refused reply) {
        if (reply.status() == TOO_MANY_REQUESTS) {
            return Problem.retryAfter(
                    problem(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "REFUSED",
                            "Fireblocks takes no more calls just now",
                            Map.of("upstreamStatus", reply.status())),
                    Duration.ofSeconds(5));
        }
        return problem(
                HttpStatus.BAD_GATEWAY,
                "REFUSED",
                "Fireblocks refused the call itself, with status " + reply.status(),
                Map.of("upstreamStatus", reply.status()));
    }

    public static ErrorResponseException failed(Reply.Failed reply) {
        return problem(statusOf(reply.outcome()), reply.outcome().name(), reply.detail(), Map.of());
    }

    /** What became of a call that failed on its way, or waited in vain. */
    public static Throwable of(Throwable failure, String requestId) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof TimeoutException ? noReply(requestId) : cause;
    }

    /** Nothing came back in time, not even word that nothing will. */
    public static ErrorResponseException noReply(String requestId) {
        return problem(
                HttpStatus.GATEWAY_TIMEOUT,
                "TIMED_OUT",
                "no answer in time; ask again with the same Request-Id, " + requestId
                        + ", to hear the one that may come",
                Map.of());
    }

    private static HttpStatus statusOf(RpcOutcome outcome) {
        return switch (outcome) {
            case EXPIRED, TIMED_OUT -> HttpStatus.GATEWAY_TIMEOUT;
            case UNREACHABLE, AMBIGUOUS, UNKNOWN, ANSWERED, REFUSED -> HttpStatus.BAD_GATEWAY;
        };
    }

    private static ErrorResponseException problem(
            HttpStatus status, String code, String detail, Map<String, Object> members) {
        var all = new HashMap<>(members);
        all.put("code", code);
        return Problem.of(status, "rpc-failed", "There is no answer from Fireblocks", detail, all);
    }
}
