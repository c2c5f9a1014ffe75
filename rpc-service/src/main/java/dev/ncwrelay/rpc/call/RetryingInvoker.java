package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.call.Outcome.Ambiguous;
import dev.ncwrelay.rpc.call.Outcome.Answered;
import dev.ncwrelay.rpc.call.Outcome.Expired;
import dev.ncwrelay.rpc.call.Outcome.NotSigned;
import dev.ncwrelay.rpc.call.Outcome.Refused;
import dev.ncwrelay.rpc.call.Outcome.TimedOut;
import dev.ncwrelay.rpc.call.Outcome.Unreachable;
import dev.ncwrelay.rpc.request.InvokeRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retries a call while a retry can succeed.
 *
 * <ol>
 *   <li>A call that was certainly not executed is retried, whatever its method.
 *   <li>A call that may have been executed is retried only if its method is repeatable.
 *   <li>No attempt begins at or after the deadline; if the pause would reach it, the last outcome is returned at once.
 *   <li>Once an attempt may have been executed, the outcome never states that none was.
 * </ol>
 */
final class RetryingInvoker implements Invoker {

    private static final Logger log = LoggerFactory.getLogger(RetryingInvoker.class);

    /**
     * Statuses that mean that nothing was executed and that a later attempt can succeed: request timeout, too many
     * requests, service unavailable (RFC 9110 sections 15.5.9 and 15.6.4, RFC 6585 section 4).
     */
    private static final Set<Integer> RETRYABLE_STATUSES = Set.of(408, 429, 503);

    private final Invoker next;
    private final Backoff backoff;
    private final Clock clock;
    private final Sleeper sleeper;

    RetryingInvoker(Invoker next, Backoff backoff, Clock clock, Sleeper sleeper) {
        this.next = next;
        this.backoff = backoff;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    @Override
    public CallResult invoke(InvokeRequest request) throws InterruptedException {
        var upstream = Duration.ZERO;
        boolean maybeExecuted = false;
        for (int attempt = 1; ; attempt++) {
            var result = next.invoke(request);
            upstream = upstream.plus(result.upstream());
            var outcome = result.outcome();
            maybeExecuted |= outcome instanceof Ambiguous;
            var last = new CallResult(maybeExecuted ? withoutCertainty(outcome) : outcome, upstream);
            if (!shouldRetry(outcome, request)) {
                return last;
            }
            var wait = backoff.pause(attempt, retryAfter(outcome));
            if (!clock.instant().plus(wait).isBefore(request.deadline())) {
                return last;
            }
            log.atInfo()
                    .addKeyValue("requestId", request.requestId())
                    .addKeyValue("deviceId", request.deviceId())
                    .addKeyValue("attempt", attempt)
                    .addKeyValue("outcome", outcome)
                    .addKeyValue("millis", wait.toMillis())
                    .log("call retried after a pause");
            sleeper.sleep(wait);
        }
    }

    private static boolean shouldRetry(Outcome outcome, InvokeRequest request) {
        return switch (outcome) {
            case Answered _, TimedOut _, Expired _ -> false;
            case Refused(var response) -> RETRYABLE_STATUSES.contains(response.status());
            case Unreachable unreachable -> !unreachable.permanent();
            case NotSigned _ -> true;
            case Ambiguous ambiguous ->
                !ambiguous.permanent() && request.method().repeatable();
        };
    }

    /** The outcome of a call of which an earlier attempt may have been executed. */
    private static Outcome withoutCertainty(Outcome last) {
        return switch (last) {
            case Answered _, Refused _, TimedOut _, Ambiguous _ -> last;
            case Unreachable unreachable ->
                new Ambiguous("no response to an earlier attempt; then " + unreachable.detail(), false);
            case NotSigned(var detail) -> new Ambiguous("no response to an earlier attempt; then " + detail, false);
            case Expired _ -> new TimedOut("no response to an earlier attempt before the deadline");
        };
    }

    private static @Nullable String retryAfter(Outcome outcome) {
        return outcome instanceof Refused(var response) ? response.retryAfter() : null;
    }
}
