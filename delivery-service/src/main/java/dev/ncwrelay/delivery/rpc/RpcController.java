package dev.ncwrelay.delivery.rpc;

import dev.ncwrelay.delivery.access.Ownership;
import dev.ncwrelay.delivery.call.RpcCalls;
import dev.ncwrelay.delivery.call.RpcProblems;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.reply.Reply;
import dev.ncwrelay.delivery.reply.RpcSettings;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** Carries the SDK's message to Fireblocks and the answer back; also on the path of Fireblocks' own demo backend. */
@RestController
class RpcController {

    private static final Duration CONTAINER_SLACK = Duration.ofSeconds(30);

    private final Ownership ownership;
    private final RpcCalls calls;
    private final RpcSettings settings;
    private final MeterRegistry metrics;

    RpcController(Ownership ownership, RpcCalls calls, RpcSettings settings, MeterRegistry metrics) {
        this.ownership = ownership;
        this.calls = calls;
        this.settings = settings;
        this.metrics = metrics;
    }

    /** What the app sends: the very string its SDK emitted. */
    record RpcBody(@Nullable String message) {}

    @PostMapping({"/v1/devices/{deviceId}/rpc", "/api/devices/{deviceId}/rpc"})
    DeferredResult<ResponseEntity<byte[]>> call(
            @PathVariable String deviceId,
            @RequestBody RpcBody body,
            @RequestHeader(name = "Request-Id", required = false) @Nullable String requestId,
            @RequestHeader(name = "traceparent", required = false) @Nullable String traceparent,
            Authentication caller,
            HttpServletResponse response) {
        var device = ownership.require(deviceId, caller);
        if (body.message() == null) {
            throw Problem.badRequest("message, the string that the SDK emitted, is expected");
        }
        var id = RpcCalls.requestId(requestId);
        response.setHeader("Request-Id", id);
        var result = new DeferredResult<ResponseEntity<byte[]>>(
                settings.timeout().plus(CONTAINER_SLACK).toMillis());
        var trace = traceparent == null ? Map.<String, String>of() : Map.of("traceparent", traceparent);
        var _ = calls.call(device, id, body.message(), trace).whenComplete((reply, failure) -> {
            if (failure == null) {
                answer(result, reply);
            } else {
                fail(result, failure, id);
            }
        });
        return result;
    }

    private void answer(DeferredResult<ResponseEntity<byte[]>> result, Reply reply) {
        switch (reply) {
            case Reply.Answered answered -> {
                count("answered");
                result.setResult(RpcAnswer.answered(answered));
            }
            case Reply.Refused refused -> {
                count("refused");
                result.setErrorResult(RpcProblems.refused(refused));
            }
            case Reply.Failed failed -> {
                count(failed.outcome().name().toLowerCase(Locale.ROOT));
                result.setErrorResult(RpcProblems.failed(failed));
            }
        }
    }

    private void fail(DeferredResult<ResponseEntity<byte[]>> result, Throwable failure, String requestId) {
        var cause = RpcProblems.of(failure, requestId);
        count(
                failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException
                        ? "silence"
                        : "not_written");
        result.setErrorResult(cause);
    }

    private void count(String outcome) {
        metrics.counter("relay.delivery.rpc", "result", outcome).increment();
    }
}
