package dev.ncwrelay.rpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.rpc.call.Outcome.Ambiguous;
import dev.ncwrelay.rpc.call.Outcome.Answered;
import dev.ncwrelay.rpc.call.Outcome.Refused;
import dev.ncwrelay.rpc.call.Outcome.TimedOut;
import dev.ncwrelay.rpc.call.Outcome.Unreachable;
import dev.ncwrelay.rpc.request.InvokeRequest;
import dev.ncwrelay.rpc.sign.Accounts;
import dev.ncwrelay.rpc.sign.ApiUser;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import okio.ByteString;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the breaker as the service has it; the pauses of those who wait take no time. */
class BreakingAttemptTest {

    private static final Outcome DONE = new Answered(answer(200));
    private static final Outcome DOWN = new Unreachable("refused");
    private static final int ENOUGH = 60;

    private static ApiUser user;

    private final CircuitBreaker breaker = CallConfiguration.breaker();
    private Outcome outcome = DONE;
    private int attempts;
    private final BreakingAttempt attempt = new BreakingAttempt(
            (_, _) -> {
                attempts++;
                return new Invoked(outcome, Duration.ofMillis(1));
            },
            breaker,
            Clock.systemUTC(),
            _ -> onPause());
    private Runnable whenPaused = () -> {};

    @BeforeAll
    static void makeUser() {
        try (var fireblocks = FakeFireblocks.start()) {
            user = Accounts.of(
                            Calls.account(fireblocks, URI.create("http://127.0.0.1")),
                            Clock.systemUTC(),
                            UUID::randomUUID)
                    .all()
                    .getFirst();
        }
    }

    @Test
    void fireblocksThatCannotBeReached_isNotCalledAnyMore() throws Exception {
        outcome = DOWN;
        for (int i = 0; i < ENOUGH && !attempt.isOpen(); i++) {
            invoke("enroll_player", Duration.ofMillis(500));
        }
        assertThat(attempt.isOpen()).isTrue();
        int before = attempts;

        assertThat(invoke("enroll_player", Duration.ofMillis(200))).isInstanceOf(Unreachable.class);

        assertThat(attempts).isEqualTo(before);
    }

    @Test
    void fireblocksThatIsBack_isCalledAgainByThoseWhoWaited() throws Exception {
        breaker.transitionToOpenState();
        whenPaused = breaker::transitionToHalfOpenState;

        for (int i = 0; i < 5; i++) {
            assertThat(invoke("enroll_player", Duration.ofSeconds(30))).isEqualTo(DONE);
        }

        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void longPoll_letsOthersTryFirst() throws Exception {
        breaker.transitionToOpenState();
        breaker.transitionToHalfOpenState();
        var paused = new int[1];
        whenPaused = () -> paused[0]++;

        assertThat(invoke("poll_mpc_msg", Duration.ofSeconds(30))).isEqualTo(DONE);

        assertThat(paused[0]).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 429})
    void refusalInFireblocksWords_isNoFailureOfFireblocks(int status) throws Exception {
        outcome = new Refused(answer(status));

        for (int i = 0; i < ENOUGH; i++) {
            invoke("enroll_player", Duration.ofSeconds(30));
        }

        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void deadlineOfALongPoll_isNoFailureOfFireblocks() throws Exception {
        for (var end : new Outcome[] {new TimedOut("late"), new Ambiguous("too large", true)}) {
            outcome = end;
            for (int i = 0; i < ENOUGH; i++) {
                invoke("poll_mpc_msg", Duration.ofSeconds(30));
            }
        }

        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(breaker.getMetrics().getNumberOfBufferedCalls()).isZero();
    }

    private Outcome invoke(String method, Duration untilDeadline) throws InterruptedException {
        return attempt.invoke(request(method, untilDeadline), user).outcome();
    }

    private void onPause() {
        whenPaused.run();
    }

    private static InvokeRequest request(String method, Duration untilDeadline) {
        return Calls.request("device-1", Calls.payload(method), untilDeadline);
    }

    private static Answer answer(int status) {
        return new Answer(status, "application/json", null, null, ByteString.encodeUtf8("{}"));
    }
}
