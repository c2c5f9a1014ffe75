package dev.ncwrelay.rpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.rpc.call.Outcome.Ambiguous;
import dev.ncwrelay.rpc.call.Outcome.Answered;
import dev.ncwrelay.rpc.call.Outcome.NotSigned;
import dev.ncwrelay.rpc.call.Outcome.Refused;
import dev.ncwrelay.rpc.call.Outcome.TimedOut;
import dev.ncwrelay.rpc.call.Outcome.Unreachable;
import dev.ncwrelay.rpc.credentials.Accounts;
import dev.ncwrelay.rpc.credentials.ApiUser;
import dev.ncwrelay.rpc.limit.AccountCircuitBreaker;
import dev.ncwrelay.rpc.limit.AccountCircuitBreakers;
import dev.ncwrelay.rpc.limit.LimitMetrics;
import dev.ncwrelay.rpc.request.InvokeRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the circuit breakers of the service, and without real pauses. */
class CircuitBreakingAttemptTest {

    private static final Outcome DONE = new Answered(answer(200));
    private static final Outcome DOWN = new Unreachable("refused");
    private static final int ENOUGH = 60;
    private static final int MOST_WAITING = 3;
    private static final Accounts ACCOUNTS = Calls.accounts("acme");
    private static final ApiUser USER = ACCOUNTS.of(null).getFirst();

    private long nanos;
    private final AccountCircuitBreakers breakers =
            new AccountCircuitBreakers(ACCOUNTS, new LimitMetrics(new SimpleMeterRegistry()), () -> nanos);
    private final AccountCircuitBreaker breaker = breakers.of(null);
    private Outcome outcome = DONE;
    private int attempts;
    private Runnable whenPaused = () -> {};
    private final CircuitBreakingAttempt attempt = new CircuitBreakingAttempt(
            (_, _) -> {
                attempts++;
                return new CallResult(outcome, Duration.ofMillis(1));
            },
            breakers,
            MOST_WAITING,
            Clock.systemUTC(),
            _ -> whenPaused.run());

    @Test
    void unreachableFireblocks_isNotCalledWhileOpen() throws Exception {
        open();
        int before = attempts;

        assertThat(invoke("enroll_player", Duration.ofMillis(200))).isInstanceOf(Unreachable.class);

        assertThat(attempts).isEqualTo(before);
    }

    @Test
    void recoveredFireblocks_isCalledByWaitingRequests() throws Exception {
        open();
        outcome = DONE;
        whenPaused = () -> nanos += Duration.ofSeconds(1).toNanos();

        assertThat(invoke("enroll_player", Duration.ofSeconds(30))).isEqualTo(DONE);

        assertThat(breaker.state()).isEqualTo(AccountCircuitBreaker.State.CLOSED);
    }

    @Test
    void longPoll_probesAfterOtherMethods() throws Exception {
        open();
        outcome = DONE;
        nanos += Duration.ofSeconds(5).toNanos();
        var paused = new int[1];
        whenPaused = () -> paused[0]++;

        assertThat(invoke("poll_mpc_msg", Duration.ofSeconds(30))).isEqualTo(DONE);

        assertThat(paused[0]).isEqualTo(8);
    }

    @Test
    void unservedAccount_doesNotBlockOthers() throws Exception {
        // Given
        open();

        // When
        outcome = DONE;
        var other = Calls.of("acme", request("enroll_player", Duration.ofSeconds(30)));

        // Then
        assertThat(attempt.invoke(other, USER).outcome()).isEqualTo(DONE);
        assertThat(breakers.isBlocked()).as("partitions are paused").isFalse();
    }

    /** Otherwise they would use the capacity of accounts that are served. */
    @Test
    void unservedAccount_hasABoundedNumberOfWaitingRequests() throws Exception {
        // Given
        open();
        var gate = new CountDownLatch(1);
        var waiting = new CountDownLatch(MOST_WAITING);
        whenPaused = () -> {
            waiting.countDown();
            awaitUninterruptibly(gate);
            nanos = Duration.ofSeconds(5).toNanos();
        };
        outcome = DONE;
        var waiters = IntStream.range(0, MOST_WAITING)
                .mapToObj(_ -> CompletableFuture.supplyAsync(
                        this::enroll, work -> Thread.ofVirtual().start(work)))
                .toList();
        waiting.await();

        // When
        var oneMore = enroll();
        gate.countDown();

        // Then
        assertThat(oneMore)
                .isInstanceOfSatisfying(
                        Unreachable.class,
                        unreachable -> assertThat(unreachable.permanent()).isTrue());
        assertThat(waiters)
                .allSatisfy(waiter -> assertThat(waiter)
                        .succeedsWithin(Duration.ofSeconds(60))
                        .isEqualTo(DONE));
    }

    @Test
    void keyThatDoesNotSign_doesNotOpenTheBreaker() throws Exception {
        outcome = new NotSigned("token away");

        for (int i = 0; i < ENOUGH; i++) {
            invoke("enroll_player", Duration.ofSeconds(30));
        }

        assertThat(breaker.state()).isEqualTo(AccountCircuitBreaker.State.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 429})
    void clientError_doesNotOpenTheBreaker(int status) throws Exception {
        outcome = new Refused(answer(status));

        for (int i = 0; i < ENOUGH; i++) {
            invoke("enroll_player", Duration.ofSeconds(30));
        }

        assertThat(breaker.state()).isEqualTo(AccountCircuitBreaker.State.CLOSED);
    }

    @Test
    void deadlineOfALongPoll_doesNotOpenTheBreaker() throws Exception {
        for (var end : new Outcome[] {new TimedOut("late"), new Ambiguous("too large", true)}) {
            outcome = end;
            for (int i = 0; i < ENOUGH; i++) {
                invoke("poll_mpc_msg", Duration.ofSeconds(30));
            }
        }

        assertThat(breaker.state()).isEqualTo(AccountCircuitBreaker.State.CLOSED);
    }

    private Outcome invoke(String method, Duration untilDeadline) throws InterruptedException {
        return attempt.invoke(request(method, untilDeadline), USER).outcome();
    }

    private Outcome enroll() {
        try {
            return invoke("enroll_player", Duration.ofSeconds(60));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void open() throws InterruptedException {
        outcome = DOWN;
        for (int i = 0; i < ENOUGH && breaker.state() == AccountCircuitBreaker.State.CLOSED; i++) {
            invoke("enroll_player", Duration.ofMillis(500));
        }
        assertThat(breaker.state()).isEqualTo(AccountCircuitBreaker.State.OPEN);
    }

    private static void awaitUninterruptibly(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static InvokeRequest request(String method, Duration untilDeadline) {
        return Calls.request("device-1", Calls.payload(method), untilDeadline);
    }

    private static FireblocksResponse answer(int status) {
        return new FireblocksResponse(status, "application/json", null, null, ByteString.encodeUtf8("{}"));
    }
}
