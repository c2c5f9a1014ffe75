package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.call.Outcome.Unreachable;
import dev.ncwrelay.rpc.credentials.ApiUser;
import dev.ncwrelay.rpc.limit.AccountCircuitBreaker;
import dev.ncwrelay.rpc.limit.AccountCircuitBreakers;
import dev.ncwrelay.rpc.request.InvokeRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes no attempts in the name of an account while Fireblocks does not serve it, except a few that find out whether it
 * does again. The others wait for that, until their deadlines. Where several accounts share the instance, a bounded
 * number of each waits, and the others are answered: they must not take the room of accounts that are served.
 */
final class CircuitBreakingAttempt implements Attempt {

    private static final Duration CHECK_INTERVAL = Duration.ofMillis(250);

    /** A long poll would take long to find anything out, so others are tried first. */
    private static final Duration LONG_POLL_DELAY = Duration.ofSeconds(2);

    private final Attempt next;
    private final AccountCircuitBreakers breakers;
    private final int maxWaiting;
    private final Clock clock;
    private final Sleeper pause;

    /** No more than there are breakers. */
    private final Map<AccountCircuitBreaker, AtomicInteger> waiting = new ConcurrentHashMap<>();

    /** @param mostWaiting requests of an account that wait at once, where there are others */
    CircuitBreakingAttempt(Attempt next, AccountCircuitBreakers breakers, int mostWaiting, Clock clock, Sleeper pause) {
        this.next = next;
        this.breakers = breakers;
        this.maxWaiting = mostWaiting;
        this.clock = clock;
        this.pause = pause;
    }

    @Override
    public CallResult invoke(InvokeRequest request, ApiUser user) throws InterruptedException {
        var breaker = breakers.of(request.tenant());
        var delay = request.method().isLongPoll() ? LONG_POLL_DELAY : Duration.ZERO;
        if (!isPermitted(breaker, request, delay)) {
            var unreachable = awaitPermission(breaker, request, delay);
            if (unreachable.isPresent()) {
                return new CallResult(unreachable.get(), Duration.ZERO);
            }
        }
        var invoked = next.invoke(request, user);
        record(breaker, request.deviceId(), invoked.outcome());
        return invoked;
    }

    /** Empty when the call may be made. */
    private Optional<Unreachable> awaitPermission(AccountCircuitBreaker breaker, InvokeRequest request, Duration delay)
            throws InterruptedException {
        var count = waiting.computeIfAbsent(breaker, _ -> new AtomicInteger());
        try {
            if (count.incrementAndGet() > maxWaiting && breakers.hasSeveralAccounts()) {
                return Optional.of(new Unreachable(
                        "Fireblocks cannot be reached just now, and enough requests wait for it", true));
            }
            var left = delay;
            while (!isPermitted(breaker, request, left)) {
                if (!clock.instant().plus(CHECK_INTERVAL).isBefore(request.deadline())) {
                    return Optional.of(new Unreachable("Fireblocks cannot be reached just now"));
                }
                pause.pause(CHECK_INTERVAL);
                if (breaker.state() == AccountCircuitBreaker.State.HALF_OPEN) {
                    left = left.minus(CHECK_INTERVAL);
                }
            }
            return Optional.empty();
        } finally {
            count.decrementAndGet();
        }
    }

    private static boolean isPermitted(AccountCircuitBreaker breaker, InvokeRequest request, Duration delay) {
        return (breaker.state() == AccountCircuitBreaker.State.CLOSED || !delay.isPositive())
                && breaker.isPermitted(request.deviceId());
    }

    private static void record(AccountCircuitBreaker breaker, String device, Outcome outcome) {
        switch (outcome) {
            case Outcome.Answered _ -> breaker.succeeded(device);
            case Outcome.Refused(var answer) when answer.status() < 500 -> breaker.succeeded(device);
            case Outcome.Refused _ -> breaker.failed(device);
            case Unreachable _ -> breaker.failedToConnect(device);
            case Outcome.Ambiguous ambiguous when !ambiguous.permanent() -> breaker.failed(device);
            // These say nothing about Fireblocks: our time was over, or its answer too large for us.
            case Outcome.Ambiguous _, Outcome.TimedOut _, Outcome.Expired _ -> {}
        }
    }
}
