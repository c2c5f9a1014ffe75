package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.call.Outcome.Ambiguous;
import dev.ncwrelay.rpc.call.Outcome.Answered;
import dev.ncwrelay.rpc.call.Outcome.Expired;
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
 * Repeats a call while that can help.
 *
 * <ol>
 *   <li>A call that was certainly not executed is repeated, whatever it asks for.
 *   <li>A call that may have been executed is repeated only if the SDK repeats its method itself.
 *   <li>No attempt begins at or after the deadline; when the pause would reach it, the last outcome stands, at once.
 *   <li>Once one attempt may have been executed, the outcome never says that none was.
 * </ol>
 */
final class RetryingInvoker implements Invoker {

    private static final Logger log = LoggerFactory.getLogger(RetryingInvoker.class);

    /**
     * Refusals that say that nothing was done and to come again: request timeout, too many requests, service
     * unavailable (RFC 9110 sections 15.5.9 and 15.6.4, RFC 6585 section 4).
     */
    private static final Set<Integer> RETRYABLE_STATUSES = Set.of(408, 429, 503);

    private final Invoker next;
    private final Backoff backoff;
    private final Clock clock;
    private final Sleeper pause;

    RetryingInvoker(Invoker next, Backoff backoff, Clock clock, Sleeper pause) {
        this.next = next;
        this.backoff = backoff;
        this.clock = clock;
        this.pause = pause;
    }

    @Override
    public CallResult invoke(InvokeRequest request) throws InterruptedException {
        var upstream = Duration.ZERO;
        boolean perhapsExecuted = false;
        for (int attempt = 1; ; attempt++) {
            var invoked = next.invoke(request);
            upstream = upstream.plus(invoked.upstream());
            var outcome = invoked.outcome();
            perhapsExecuted |= outcome instanceof Ambiguous;
            var last = new CallResult(perhapsExecuted ? withoutCertainty(outcome) : outcome, upstream);
            if (!repeats(outcome, request)) {
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
                    .log("call is repeated after a pause");
            pause.pause(wait);
        }
    }

    private static boolean repeats(Outcome outcome, InvokeRequest request) {
        return switch (outcome) {
            case Answered _, TimedOut _, Expired _ -> false;
            case Refused(var answer) -> RETRYABLE_STATUSES.contains(answer.status());
            case Unreachable unreachable -> !unreachable.permanent();
            case Ambiguous ambiguous ->
                !ambiguous.permanent() && request.method().repeatable();
        };
    }

    /** The outcome of a call of which an earlier attempt may have been executed. */
    private static Outcome withoutCertainty(Outcome last) {
        return switch (last) {
            case Answered _, Refused _, TimedOut _, Ambiguous _ -> last;
            case Unreachable unreachable ->
                new Ambiguous("an earlier attempt lost its answer; then " + unreachable.detail(), false);
            case Expired _ -> new TimedOut("an earlier attempt lost its answer, and the deadline came");
        };
    }

    private static @Nullable String retryAfter(Outcome outcome) {
        return outcome instanceof Refused(var answer) ? answer.retryAfter() : null;
    }
}
