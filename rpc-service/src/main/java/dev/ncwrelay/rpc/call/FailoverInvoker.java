package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.call.Outcome.NotSigned;
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
 * Makes an attempt as one of the API users of the tenant, within the rate limit of that user.
 *
 * <ol>
 *   <li>Calls are distributed over the users.
 *   <li>A call that is rejected because of the token (401) or the rate limit (429) of its user was not executed: it is
 *       made at once as another user, if one is available.
 *   <li>A call that the key of its user cannot sign is made as another user too; that user is suspended for a while.
 *   <li>A call whose token expired in transit was not executed either: it is signed and sent again.
 *   <li>While the tokens of all users of the tenant are rejected, a call is made at intervals as a probe; the others
 *       get the last rejection at once.
 * </ol>
 */
final class FailoverInvoker implements Invoker {

    private static final Logger log = LoggerFactory.getLogger(FailoverInvoker.class);
    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY = 429;

    /** A rejection after this time is due to the token's age: tokens are valid for 1 to 55 s, by default 30. */
    private static final Duration LATE_REFUSAL = Duration.ofSeconds(10);

    private final Attempt attempt;
    private final ApiUserPools pools;
    private final Backoff backoff;
    private final ClockSkewDetector skew;
    private final Clock clock;
    private final Sleeper sleeper;

    FailoverInvoker(
            Attempt attempt,
            ApiUserPools pools,
            Backoff backoff,
            ClockSkewDetector skew,
            Clock clock,
            Sleeper sleeper) {
        this.attempt = attempt;
        this.pools = pools;
        this.backoff = backoff;
        this.skew = skew;
        this.clock = clock;
        this.sleeper = sleeper;
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
            var selection = pool.next(tried);
            if (!tried.isEmpty() && selection.delay().isPositive()) {
                selection.release();
                return last;
            }
            if (selection.delay().isPositive()
                    && !clock.instant().plus(selection.delay()).isBefore(request.deadline())) {
                selection.release();
                return new CallResult(
                        new Unreachable("the rate limit allows no call before the deadline", true), last.upstream());
            }
            if (selection.delay().isPositive()) {
                sleeper.sleep(selection.delay());
            }
            var result = attempt.invoke(request, selection.user());
            last = new CallResult(result.outcome(), last.upstream().plus(result.upstream()));
            if (isLate(result)) {
                log.atWarn()
                        .addKeyValue("user", selection.user().name())
                        .addKeyValue("millis", result.upstream().toMillis())
                        .log("token expired in transit, call signed again");
                continue;
            }
            if (!failsOver(last.outcome(), selection)) {
                return last;
            }
            tried.add(selection.user());
        }
        return last;
    }

    /** The token expired between signing and its check, for example on a busy machine or network. */
    private static boolean isLate(CallResult result) {
        return result.outcome() instanceof Refused(var response)
                && response.status() == UNAUTHORIZED
                && result.upstream().compareTo(LATE_REFUSAL) >= 0
                && ClockSkewDetector.isExpired(response);
    }

    private boolean failsOver(Outcome outcome, ApiUserPool.Selection selection) {
        if (outcome instanceof NotSigned(var detail)) {
            selection.notSigned();
            log.atWarn()
                    .addKeyValue("user", selection.user().name())
                    .addKeyValue("reason", detail)
                    .log("API user's key does not sign, user suspended");
            return true;
        }
        if (!(outcome instanceof Refused(var response))) {
            selection.accepted();
            return false;
        }
        return switch (response.status()) {
            case UNAUTHORIZED -> {
                var suspension = selection.suspend(response);
                log.atWarn()
                        .addKeyValue("user", selection.user().name())
                        .addKeyValue("seconds", suspension.toSeconds())
                        .log("API user's token rejected, user suspended");
                skew.logIfSkewed(response);
                yield true;
            }
            case TOO_MANY -> {
                selection.rateLimited(backoff.requested(response.retryAfter()).orElse(Duration.ZERO));
                yield true;
            }
            default -> {
                selection.accepted();
                yield false;
            }
        };
    }
}
