package dev.ncwrelay.rpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.http.Abort;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import dev.ncwrelay.testkit.invoke.InvokeCall;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Outcomes of calls with retries, when the first attempt fails and a second one would succeed. */
class OutcomeTest {

    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String REPEATABLE = "poll_mpc_msg";
    private static final String ONCE = "enroll_player";

    @AfterAll
    static void stop() {
        FIREBLOCKS.close();
    }

    static Stream<Arguments> table() {
        var past = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).minusMinutes(1));
        return Stream.of(
                // first response, method, calls that arrive, outcome
                row(InvokeAnswer.result("at once"), ONCE, 1, "answered"),
                row(InvokeAnswer.error("Unexpected physicalDeviceId", -1), ONCE, 1, "answered"),
                row(rpcError(400), ONCE, 1, "answered"),
                row(rpcError(404), ONCE, 1, "answered"),
                row(rpcError(401), ONCE, 1, "refused"),
                row(rpcError(429), ONCE, 2, "answered"),
                row(rpcError(500), ONCE, 1, "refused"),
                row(InvokeAnswer.refusal(400, "Unsupported algorithm", 1003), REPEATABLE, 1, "refused"),
                row(InvokeAnswer.refusal(401, "Invalid signature", -1), REPEATABLE, 1, "refused"),
                row(InvokeAnswer.refusal(403, "Device disabled", 0), REPEATABLE, 1, "refused"),
                row(InvokeAnswer.refusal(404, "Wallet not found", 0), REPEATABLE, 1, "refused"),
                row(InvokeAnswer.refusal(409, "Ongoing setup already in motion", 0), REPEATABLE, 1, "refused"),
                row(InvokeAnswer.status(500), REPEATABLE, 1, "refused"),
                row(InvokeAnswer.status(408), ONCE, 2, "answered"),
                row(InvokeAnswer.status(429), ONCE, 2, "answered"),
                row(InvokeAnswer.status(429).header("Retry-After", "0"), ONCE, 2, "answered"),
                row(InvokeAnswer.status(429).header("Retry-After", past), ONCE, 2, "answered"),
                row(InvokeAnswer.status(429).header("Retry-After", "3600"), ONCE, 1, "refused"),
                row(InvokeAnswer.status(503), ONCE, 2, "answered"),
                // OkHttp alone would send the same request again, with a used nonce.
                row(InvokeAnswer.status(503).header("Retry-After", "0"), ONCE, 2, "answered"),
                row(InvokeAnswer.status(502), REPEATABLE, 2, "answered"),
                row(InvokeAnswer.status(502), ONCE, 1, "ambiguous"),
                row(InvokeAnswer.status(504), REPEATABLE, 2, "answered"),
                row(InvokeAnswer.status(504), ONCE, 1, "ambiguous"),
                row(InvokeAnswer.cut(Abort.RESET), REPEATABLE, 2, "answered"),
                row(InvokeAnswer.cut(Abort.RESET), ONCE, 1, "ambiguous"),
                row(InvokeAnswer.cut(Abort.CLOSE), REPEATABLE, 2, "answered"),
                row(InvokeAnswer.cut(Abort.CLOSE), ONCE, 1, "ambiguous"),
                row(InvokeAnswer.result("slow").slowHead(16, Duration.ofMillis(20)), ONCE, 1, "answered"),
                row(InvokeAnswer.result("slow").slowBody(4, Duration.ofMillis(20)), ONCE, 1, "answered"),
                row(InvokeAnswer.result("slow").slowHead(1, Duration.ofSeconds(3)), ONCE, 1, "timed_out"),
                row(InvokeAnswer.result("slow").slowBody(1, Duration.ofSeconds(3)), REPEATABLE, 1, "timed_out"),
                row(InvokeAnswer.result("long").truncatedAfter(3, Abort.RESET), REPEATABLE, 2, "answered"),
                row(InvokeAnswer.result("long").truncatedAfter(3, Abort.CLOSE), ONCE, 1, "ambiguous"));
    }

    @ParameterizedTest
    @MethodSource("table")
    void outcome_dependsOnTheFirstResponseAndTheMethod(Answer first, String method, int calls, String outcome)
            throws Exception {
        // Given
        var device = UUID.randomUUID().toString();
        var answered = new AtomicBoolean();
        FIREBLOCKS.invoke().onDevice(device, _ -> answered.getAndSet(true) ? InvokeAnswer.result("at last") : first);

        // When
        var patience = outcome.equals("timed_out") ? Duration.ofSeconds(2) : LONG;
        var invoked =
                Calls.retrying(Calls.http(FIREBLOCKS)).invoke(Calls.request(device, Calls.payload(method), patience));

        // Then
        assertThat(invoked.outcome().label()).isEqualTo(outcome);
        assertThat(FIREBLOCKS.invoke().callsOf(device)).hasSize(calls);
        assertThat(FIREBLOCKS.invoke().callsOf(device).stream().map(InvokeCall::nonce))
                .doesNotHaveDuplicates();
        assertThat(FIREBLOCKS.invoke().refusals()).isEmpty();
    }

    @Test
    void connectionClosedOnArrival_isRetriedOnlyIfRepeatable() throws Exception {
        var device = UUID.randomUUID().toString();
        FIREBLOCKS.interruptions().nextConnections(2, Abort.RESET);

        var repeatable =
                Calls.retrying(Calls.http(FIREBLOCKS)).invoke(Calls.request(device, Calls.payload(REPEATABLE), LONG));

        assertThat(repeatable.outcome().label()).isEqualTo("answered");
        assertThat(FIREBLOCKS.invoke().callsOf(device)).hasSize(1);
    }

    /** The server has no TLS, which is equivalent to an untrusted certificate. */
    @Test
    void failedTls_isUnreachableForAnyMethod() throws Exception {
        var device = UUID.randomUUID().toString();
        var tls = URI.create("https://127.0.0.1:" + FIREBLOCKS.url().getPort());

        var invoked = Calls.http(FIREBLOCKS, tls, Calls.CALL).invoke(Calls.request(device, Calls.payload(ONCE), LONG));

        assertThat(invoked.outcome().label()).isEqualTo("unreachable");
        assertThat(FIREBLOCKS.invoke().callsOf(device)).isEmpty();
    }

    private static Answer rpcError(int status) {
        var error = InvokeAnswer.error("Incomplete Device", 1001);
        return new Answer.Reply(status, error.headers(), error.body(), error.hold());
    }

    private static Arguments row(Answer first, String method, int calls, String outcome) {
        return Arguments.of(first, method, calls, outcome);
    }
}
