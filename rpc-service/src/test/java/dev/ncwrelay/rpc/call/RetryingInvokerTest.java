package dev.ncwrelay.rpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.rpc.call.Outcome.Ambiguous;
import dev.ncwrelay.rpc.call.Outcome.Answered;
import dev.ncwrelay.rpc.call.Outcome.Expired;
import dev.ncwrelay.rpc.call.Outcome.Refused;
import dev.ncwrelay.rpc.call.Outcome.TimedOut;
import dev.ncwrelay.rpc.call.Outcome.Unreachable;
import dev.ncwrelay.rpc.request.InvokeRequest;
import dev.ncwrelay.testkit.time.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When calls are retried, on a clock that only pauses and attempts advance. */
class RetryingInvokerTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration ATTEMPT = Duration.ofSeconds(1);
    private static final Outcome DONE = new Answered(answer(200, null));
    private static final Outcome UNREACHABLE = new Unreachable("refused");
    private static final Outcome LOST = new Ambiguous("reset", false);

    private final MutableClock clock = new MutableClock();
    private final List<Duration> pauses = new ArrayList<>();
    private final Script script = new Script();
    private final RetryingInvoker invoker = new RetryingInvoker(
            script,
            new Backoff(
                    new RetrySettings(Duration.ofMillis(250), Duration.ofSeconds(5), Duration.ofMinutes(1)),
                    clock,
                    () -> 0L),
            clock,
            pause -> {
                pauses.add(pause);
                clock.advance(pause);
            });

    @Test
    void unreachable_isRetriedForAnyMethod() throws Exception {
        script.then(UNREACHABLE, UNREACHABLE, DONE);

        assertThat(invoke("enroll_player", 30)).isEqualTo(new CallResult(DONE, ATTEMPT.multipliedBy(3)));
        assertThat(pauses).containsExactly(Duration.ofMillis(125), Duration.ofMillis(250));
    }

    /** For example a tenant without an account: waiting would not help. */
    @Test
    void permanentlyUnreachable_isNotRetried() throws Exception {
        var never = new Unreachable("no account", true);
        script.then(never);

        assertThat(invoke("poll_mpc_msg", 30).outcome()).isEqualTo(never);
        assertThat(pauses).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 503})
    void retryableStatus_isRetriedForAnyMethod(int status) throws Exception {
        script.then(new Refused(answer(status, null)), DONE);

        assertThat(invoke("enroll_player", 30).outcome()).isEqualTo(DONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 400, 401, 403, 404, 409, 500, 501, 505})
    void otherStatus_isFinal(int status) throws Exception {
        script.then(new Refused(answer(status, "1")));

        assertThat(invoke("poll_mpc_msg", 30).outcome()).isEqualTo(new Refused(answer(status, "1")));
    }

    @Test
    void retryAfter_isRespected() throws Exception {
        script.then(new Refused(answer(429, "7")), DONE);

        invoke("enroll_player", 30);

        assertThat(pauses).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void retryAfterBeyondTheDeadline_endsAtOnce() throws Exception {
        script.then(new Refused(answer(429, "60")));

        assertThat(invoke("enroll_player", 30).outcome()).isEqualTo(new Refused(answer(429, "60")));
        assertThat(pauses).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 429, 503})
    void retryAfterOfCenturies_isARejection(int status) throws Exception {
        var refused = new Refused(answer(status, "Fri, 31 Dec 9999 23:59:59 GMT"));
        script.then(refused);

        assertThat(invoke("enroll_player", 30).outcome()).isEqualTo(refused);
        assertThat(pauses).isEmpty();
    }

    @Test
    void ambiguous_isRetriedOnlyIfRepeatable() throws Exception {
        script.then(LOST, DONE);
        assertThat(invoke("poll_mpc_msg", 30).outcome()).isEqualTo(DONE);

        script.then(LOST);
        assertThat(invoke("enroll_player", 30).outcome()).isEqualTo(LOST);
    }

    @Test
    void permanentlyAmbiguous_isFinal() throws Exception {
        var tooLarge = new Ambiguous("too large", true);
        script.then(tooLarge);

        assertThat(invoke("poll_mpc_msg", 30).outcome()).isEqualTo(tooLarge);
    }

    @Test
    void timedOutAndExpired_areFinal() throws Exception {
        for (var outcome : List.of(new TimedOut("late"), new Expired())) {
            script.then(outcome);

            assertThat(invoke("poll_mpc_msg", 30).outcome()).isEqualTo(outcome);
        }
    }

    @Test
    void deadline_boundsTheAttempts() throws Exception {
        script.thenAlways(UNREACHABLE);

        assertThat(invoke("poll_mpc_msg", 10).outcome()).isEqualTo(UNREACHABLE);

        assertThat(clock.instant()).isBefore(START.plusSeconds(11));
        assertThat(pauses).isNotEmpty();
    }

    /** UNREACHABLE means that the call was certainly not executed, so it must be true of all attempts. */
    @Test
    void unreachableAfterALostResponse_isAmbiguous() throws Exception {
        script.then(LOST).thenAlways(UNREACHABLE);

        assertThat(invoke("poll_mpc_msg", 10).outcome()).isInstanceOf(Ambiguous.class);
    }

    @Test
    void expiredAfterALostResponse_isTimedOut() throws Exception {
        script.then(LOST, new Expired());

        assertThat(invoke("poll_mpc_msg", 10).outcome()).isInstanceOf(TimedOut.class);
    }

    private CallResult invoke(String method, long secondsToDeadline) throws InterruptedException {
        return invoker.invoke(Calls.request(
                "request-1", "device-1", Calls.payload(method), clock.instant().plusSeconds(secondsToDeadline)));
    }

    private static FireblocksResponse answer(int status, @Nullable String retryAfter) {
        return new FireblocksResponse(status, "application/json", retryAfter, null, ByteString.encodeUtf8("{}"));
    }

    /** Returns scripted outcomes; each attempt takes a second. Fails a test that makes too many attempts. */
    private final class Script implements Invoker {
        private final Deque<Outcome> outcomes = new ArrayDeque<>();
        private @Nullable Outcome always;

        Script then(Outcome... next) {
            outcomes.addAll(List.of(next));
            return this;
        }

        void thenAlways(Outcome outcome) {
            always = outcome;
        }

        @Override
        public CallResult invoke(InvokeRequest request) {
            assertThat(clock.instant()).isBefore(request.deadline());
            clock.advance(ATTEMPT);
            var next = outcomes.isEmpty() && always != null ? always : outcomes.removeFirst();
            return new CallResult(next, ATTEMPT);
        }
    }
}
