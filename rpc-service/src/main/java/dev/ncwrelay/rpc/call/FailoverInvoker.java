package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.call.Outcome.Refused;
import dev.ncwrelay.rpc.call.Outcome.Unreachable;
import dev.ncwrelay.rpc.credentials.ApiUser;
import dev.ncwrelay.rpc.request.InvokeRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an attempt in the name of one of the tenant's API users, within that user's budget.
 *
 * <ol>
 *   <li>Calls are spread over the users.
 *   <li>A call that is refused because of its user's token (401) or rate limit (429) was not executed: it is made at
 *       once in the name of another user, if there is one that may.
 *   <li>A call whose token expired on its way was not executed either: it is made anew.
 *   <li>While the tokens of all the tenant's users are refused, a call is made now and then; the others are answered
 *       with the last refusal at once.
 * </ol>
 */
final class FailoverInvoker implements Invoker {

    private static final Logger log = LoggerFactory.getLogger(FailoverInvoker.class);
    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY = 429;

    /** A refusal that takes so long is one of a token's age: tokens live from 1 to 55 s, by default 30. */
    private static final Duration LATE_REFUSAL = Duration.ofSeconds(10);

    private final Attempt attempt;
    private final ApiUserPools pools;
    private final Backoff backoff;
    private final ClockSkewDetector skew;
    private final Clock clock;
    private final Sleeper pause;

    FailoverInvoker(
            Attempt attempt, ApiUserPools pools, Backoff backoff, ClockSkewDetector skew, Clock clock, Sleeper pause) {
        this.attempt = attempt;
        this.pools = pools;
        this.backoff = backoff;
        this.skew = skew;
        this.clock = clock;
        this.pause = pause;
    }

    @Override
    public CallResult invoke(InvokeRequest request) throws InterruptedException {
        var pool = pools.of(request.tenant());
        var tried = new HashSet<ApiUser>();
        var refusal = pool.cachedRefusal();
        if (refusal.isPresent()) {
            return new CallResult(refusal.get(), Duration.ZERO);
        }
        var last =
                new CallResult(new Unreachable("there is no Fireblocks account for the tenant", true), Duration.ZERO);
        while (tried.size() < pool.size()) {
            var turn = pool.next(tried);
            if (!tried.isEmpty() && turn.delay().isPositive()) {
                turn.release();
                return last;
            }
            if (turn.delay().isPositive() && !clock.instant().plus(turn.delay()).isBefore(request.deadline())) {
                turn.release();
                return new CallResult(
                        new Unreachable("the budget of calls to Fireblocks is used up until after the deadline", true),
                        last.upstream());
            }
            if (turn.delay().isPositive()) {
                pause.pause(turn.delay());
            }
            var invoked = attempt.invoke(request, turn.user());
            last = new CallResult(invoked.outcome(), last.upstream().plus(invoked.upstream()));
            if (isLate(invoked)) {
                log.atWarn()
                        .addKeyValue("user", turn.user().name())
                        .addKeyValue("millis", invoked.upstream().toMillis())
                        .log("token expired on its way, the call is signed anew");
                continue;
            }
            if (!failsOver(last.outcome(), turn)) {
                return last;
            }
            tried.add(turn.user());
        }
        return last;
    }

    /** The token was good when the call was made; on a busy machine, or line, that can be long ago. */
    private static boolean isLate(CallResult invoked) {
        return invoked.outcome() instanceof Refused(var answer)
                && answer.status() == UNAUTHORIZED
                && invoked.upstream().compareTo(LATE_REFUSAL) >= 0
                && ClockSkewDetector.isExpired(answer);
    }

    private boolean failsOver(Outcome outcome, ApiUserPool.Selection turn) {
        if (!(outcome instanceof Refused(var answer))) {
            turn.accepted();
            return false;
        }
        return switch (answer.status()) {
            case UNAUTHORIZED -> {
                var aside = turn.suspend(answer);
                log.atWarn()
                        .addKeyValue("user", turn.user().name())
                        .addKeyValue("seconds", aside.toSeconds())
                        .log("Fireblocks refuses this API user's token, others are used for a while");
                skew.logIfSkewed(answer);
                yield true;
            }
            case TOO_MANY -> {
                turn.rateLimited(backoff.requested(answer.retryAfter()).orElse(Duration.ZERO));
                yield true;
            }
            default -> {
                turn.accepted();
                yield false;
            }
        };
    }
}
