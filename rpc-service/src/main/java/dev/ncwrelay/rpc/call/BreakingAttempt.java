package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.request.InvokeRequest;
import dev.ncwrelay.rpc.sign.ApiUser;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Makes no attempts while Fireblocks cannot be reached, except a few that find out whether it can again. The others
 * wait for that, until their deadlines.
 */
final class BreakingAttempt implements Attempt, CallGate {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    /** A long poll would take long to find anything out, so it lets others try first. */
    private static final Duration LONG_POLLS_WAIT = Duration.ofSeconds(2);

    private final Attempt next;
    private final CircuitBreaker breaker;
    private final Clock clock;
    private final Pause pause;

    BreakingAttempt(Attempt next, CircuitBreaker breaker, Clock clock, Pause pause) {
        this.next = next;
        this.breaker = breaker;
        this.clock = clock;
        this.pause = pause;
    }

    @Override
    public boolean isOpen() {
        return breaker.getState() == CircuitBreaker.State.OPEN;
    }

    @Override
    public Invoked invoke(InvokeRequest request, ApiUser user) throws InterruptedException {
        var politeness = request.method().isLongPoll() ? LONG_POLLS_WAIT : Duration.ZERO;
        while (!isPermitted(politeness)) {
            if (!clock.instant().plus(LOOK_AGAIN).isBefore(request.deadline())) {
                return new Invoked(new Outcome.Unreachable("Fireblocks cannot be reached just now"), Duration.ZERO);
            }
            pause.pause(LOOK_AGAIN);
            if (breaker.getState() == CircuitBreaker.State.HALF_OPEN) {
                politeness = politeness.minus(LOOK_AGAIN);
            }
        }
        return attempt(request, user);
    }

    private boolean isPermitted(Duration politeness) {
        return (breaker.getState() == CircuitBreaker.State.CLOSED || !politeness.isPositive())
                && breaker.tryAcquirePermission();
    }

    private Invoked attempt(InvokeRequest request, ApiUser user) throws InterruptedException {
        boolean told = false;
        try {
            var invoked = next.invoke(request, user);
            tell(invoked);
            told = true;
            return invoked;
        } finally {
            if (!told) {
                breaker.releasePermission();
            }
        }
    }

    private void tell(Invoked invoked) {
        long nanos = invoked.upstream().toNanos();
        switch (invoked.outcome()) {
            case Outcome.Answered _ -> breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
            case Outcome.Refused(var answer)
            when answer.status() < 500 -> breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
            case Outcome.Refused _, Outcome.Unreachable _ -> fail(nanos);
            case Outcome.Ambiguous ambiguous when !ambiguous.permanent() -> fail(nanos);
            // These say nothing about Fireblocks: our time was over, or its answer too large for us.
            case Outcome.Ambiguous _, Outcome.TimedOut _, Outcome.Expired _ -> breaker.releasePermission();
        }
    }

    private void fail(long nanos) {
        breaker.onError(nanos, TimeUnit.NANOSECONDS, new IllegalStateException("not reached"));
    }
}
