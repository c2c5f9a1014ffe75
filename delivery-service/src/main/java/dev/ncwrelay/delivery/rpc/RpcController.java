package dev.ncwrelay.delivery.rpc;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.http.connection.HeldRequest;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.rpc.call.RpcCalls;
import dev.ncwrelay.delivery.rpc.call.RpcFailures;
import dev.ncwrelay.delivery.rpc.call.RpcLookups;
import dev.ncwrelay.delivery.rpc.reply.Reply;
import dev.ncwrelay.delivery.rpc.reply.RequestKey;
import dev.ncwrelay.delivery.rpc.reply.RpcSettings;
import dev.ncwrelay.delivery.security.OwnDevice;
import dev.ncwrelay.devices.RegisteredDevice;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** Forwards the SDK's message to Fireblocks and returns the response; also on the path of Fireblocks' demo backend. */
@RestController
class RpcController {

    private static final Duration CONTAINER_SLACK = Duration.ofSeconds(30);
    private static final int MAX_WAIT_SECONDS = 50;

    private final RpcCalls calls;
    private final RpcLookups lookups;
    private final RpcSettings settings;
    private final MeterRegistry metrics;

    RpcController(RpcCalls calls, RpcLookups lookups, RpcSettings settings, MeterRegistry metrics) {
        this.calls = calls;
        this.lookups = lookups;
        this.settings = settings;
        this.metrics = metrics;
    }

    /** What the app sends: the exact string its SDK emitted. Clients of the demo backend add members of their own. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record RpcBody(@Nullable String message) {}

    @PostMapping("/v1/devices/{deviceId}/rpc")
    DeferredResult<ResponseEntity<byte[]>> call(
            @RequestBody RpcBody body,
            @RequestHeader(name = "Request-Id", required = false) @Nullable String requestId,
            @RequestHeader(name = "Prefer", required = false) @Nullable String prefer,
            @RequestHeader(name = "traceparent", required = false) @Nullable String traceparent,
            @OwnDevice RegisteredDevice device,
            HttpServletRequest client,
            HttpServletResponse response) {
        var preference = PreferHeader.of(prefer);
        if (preference.respondAsync()) {
            response.setHeader("Preference-Applied", "respond-async");
        }
        return call(device, body, requestId, preference, traceparent, client, response);
    }

    /** The path of Fireblocks' demo backend, which always waits. */
    @PostMapping("/api/devices/{deviceId}/rpc")
    DeferredResult<ResponseEntity<byte[]>> compatibleCall(
            @RequestBody RpcBody body,
            @RequestHeader(name = "Request-Id", required = false) @Nullable String requestId,
            @RequestHeader(name = "traceparent", required = false) @Nullable String traceparent,
            @OwnDevice RegisteredDevice device,
            HttpServletRequest client,
            HttpServletResponse response) {
        return call(device, body, requestId, PreferHeader.of(null), traceparent, client, response);
    }

    /** The response to a call that was made on any node, for as long as request ids are remembered. */
    @GetMapping("/v1/devices/{deviceId}/rpc/{requestId}")
    DeferredResult<ResponseEntity<byte[]>> answer(
            @PathVariable String requestId,
            @RequestParam(defaultValue = "0") int wait,
            @OwnDevice(rateLimited = true) RegisteredDevice device,
            HttpServletRequest client) {
        if (wait < 0 || wait > MAX_WAIT_SECONDS) {
            throw Problem.badRequest("wait must be from 0 to " + MAX_WAIT_SECONDS + " seconds");
        }
        var request = new RequestKey(device.deviceId(), device.epoch(), RpcCalls.requestId(requestId));
        var held = held(client, request);
        answer(
                held,
                request,
                lookups.find(device, request)
                        .thenCompose(known -> within(known.reply(), Duration.ofSeconds(wait))
                                // Frees the slot for others when the reply has arrived or the wait is over.
                                .whenComplete((_, _) -> known.reply().cancel(false))));
        return held.result();
    }

    private DeferredResult<ResponseEntity<byte[]>> call(
            RegisteredDevice device,
            RpcBody body,
            @Nullable String requestId,
            PreferHeader preference,
            @Nullable String traceparent,
            HttpServletRequest client,
            HttpServletResponse response) {
        if (body.message() == null) {
            throw Problem.badRequest("message, the string that the SDK emitted, is expected");
        }
        var request = new RequestKey(device.deviceId(), device.epoch(), RpcCalls.requestId(requestId));
        response.setHeader("Request-Id", request.requestId());
        var trace = traceparent == null ? Map.<String, String>of() : Map.of("traceparent", traceparent);
        var begun = calls.start(device, request.requestId(), body.message(), trace);
        var held = held(client, request);
        var timeout = preference.respondAsync() ? preference.waitTime() : CONTAINER_SLACK.plus(settings.timeout());
        answer(held, request, begun.written().thenCompose(_ -> within(begun.reply(), timeout)));
        return held.result();
    }

    /** A client that disconnects, or half-closes its connection, gets 202: the call continues. */
    private HeldRequest<ResponseEntity<byte[]>> held(HttpServletRequest client, RequestKey request) {
        var held = new HeldRequest<ResponseEntity<byte[]>>(
                client, settings.timeout().plus(CONTAINER_SLACK));
        held.onGone(() -> {
            if (!held.isAnswered()) {
                count("client_gone");
                held.answer(RpcResponse.pending(request));
            }
        });
        return held;
    }

    /** The reply, or empty after the timeout. */
    private static CompletableFuture<Optional<Reply>> within(CompletableFuture<Reply> reply, Duration timeout) {
        return reply.thenApply(Optional::of)
                .completeOnTimeout(Optional.empty(), timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void answer(
            HeldRequest<ResponseEntity<byte[]>> held, RequestKey request, CompletableFuture<Optional<Reply>> coming) {
        var _ = coming.whenComplete((reply, failure) -> {
            if (failure != null) {
                fail(held, failure, request.requestId());
            } else if (reply.isPresent()) {
                answer(held, reply.get());
            } else {
                count("pending");
                held.answer(RpcResponse.pending(request));
            }
        });
    }

    private void answer(HeldRequest<ResponseEntity<byte[]>> held, Reply reply) {
        switch (reply) {
            case Reply.Answered answered -> {
                count("answered");
                held.answer(RpcResponse.answered(answered));
            }
            case Reply.Refused refused -> {
                count("refused");
                held.fail(RpcFailures.of(refused).exception());
            }
            case Reply.Failed failed -> {
                count(failed.outcome().name().toLowerCase(Locale.ROOT));
                held.fail(RpcFailures.of(failed).exception());
            }
        }
    }

    private void fail(HeldRequest<ResponseEntity<byte[]>> held, Throwable failure, String requestId) {
        var known = RpcFailures.of(failure, requestId);
        count(known.filter(Failure.NoReply.class::isInstance).isPresent() ? "no_reply" : "error");
        held.fail(known.<Throwable>map(Failure::exception).orElseGet(() -> FailureException.rootOf(failure)));
    }

    private void count(String outcome) {
        metrics.counter("relay.delivery.rpc.calls", "result", outcome).increment();
    }
}
