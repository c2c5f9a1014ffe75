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
 * Circuit breaker around attempts: while it is open, requests wait until their deadlines and a few probe Fireblocks. If
 * there are several accounts, a bounded number of requests of each waits and the others fail at once, so that they do
 * not use the capacity of accounts that are served.
 */
final class CircuitBreakingAttempt implements Attempt {

    private static final Duration CHECK_INTERVAL = Duration.ofMillis(250);

    /** A long poll takes long to have a result, so other methods probe first. */
    private static final Duration LONG_POLL_DELAY = Duration.ofSeconds(2);

    private final Attempt next;
    private final AccountCircuitBreakers breakers;
    private final int maxWaiting;
    private final Clock clock;
    private final Sleeper sleeper;

    /** At most one entry for each breaker. */
    private final Map<AccountCircuitBreaker, AtomicInteger> waiting = new ConcurrentHashMap<>();

    /** @param maxWaiting requests of an account that wait at once, if there are several accounts */
    CircuitBreakingAttempt(
            Attempt next, AccountCircuitBreakers breakers, int maxWaiting, Clock clock, Sleeper sleeper) {
        this.next = next;
        this.breakers = breakers;
        this.maxWaiting = maxWaiting;
        this.clock = clock;
        this.sleeper = sleeper;
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
        var result = next.invoke(request, user);
        record(breaker, request.deviceId(), result.outcome());
        return result;
    }

    /** Waits until the attempt may be made. Empty when it may, else why not. */
    private Optional<Unreachable> awaitPermission(AccountCircuitBreaker breaker, InvokeRequest request, Duration delay)
            throws InterruptedException {
        var count = waiting.computeIfAbsent(breaker, _ -> new AtomicInteger());
        try {
            if (count.incrementAndGet() > maxWaiting && breakers.hasSeveralAccounts()) {
                return Optional.of(new Unreachable(
                        "Fireblocks is unreachable, and the tenant's limit of waiting requests is reached", true));
            }
            var left = delay;
            while (!isPermitted(breaker, request, left)) {
                if (!clock.instant().plus(CHECK_INTERVAL).isBefore(request.deadline())) {
                    return Optional.of(new Unreachable("Fireblocks is unreachable"));
                }
                sleeper.sleep(CHECK_INTERVAL);
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
            case Outcome.Refused(var response) when response.status() < 500 -> breaker.succeeded(device);
            case Outcome.Refused _ -> breaker.failed(device);
            case Unreachable _ -> breaker.failedToConnect(device);
            case Outcome.Ambiguous ambiguous when !ambiguous.permanent() -> breaker.failed(device);
            // These say nothing about Fireblocks: nothing was signed, the deadline passed, or the response is larger
            // than
            // this service accepts.
            case Outcome.NotSigned _, Outcome.Ambiguous _, Outcome.TimedOut _, Outcome.Expired _ -> {}
        }
    }
}
