package dev.ncwrelay.delivery.rpc;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.reply.Reply;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;

/**
 * What the app hears. Whatever Fireblocks answered to the call is 200 and untouched, errors included: the SDK reads
 * them, and loses them behind any other status. All else is a problem with a stable {@code code}.
 */
final class RpcAnswer {

    private static final int TOO_MANY_REQUESTS = 429;

    private RpcAnswer() {}

    static ResponseEntity<byte[]> answered(Reply.Answered reply) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noStore())
                .body(bytes(reply.body()));
    }

    static ErrorResponseException refused(Reply.Refused reply) {
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

    static ErrorResponseException failed(Reply.Failed reply) {
        return problem(statusOf(reply.outcome()), reply.outcome().name(), reply.detail(), Map.of());
    }

    /** Nothing came back in time, not even word that nothing will. */
    static ErrorResponseException silence(String requestId) {
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

    private static byte[] bytes(ByteBuffer body) {
        var bytes = new byte[body.remaining()];
        body.duplicate().get(bytes);
        return bytes;
    }
}
