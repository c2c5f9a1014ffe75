package dev.ncwrelay.rpc.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ncwrelay.rpc.call.Outcome.Ambiguous;
import dev.ncwrelay.rpc.call.Outcome.Answered;
import dev.ncwrelay.rpc.call.Outcome.Expired;
import dev.ncwrelay.rpc.call.Outcome.NotSigned;
import dev.ncwrelay.rpc.call.Outcome.Refused;
import dev.ncwrelay.rpc.call.Outcome.TimedOut;
import dev.ncwrelay.rpc.call.Outcome.Unreachable;
import dev.ncwrelay.rpc.credentials.Accounts;
import dev.ncwrelay.rpc.sign.RequestSigner;
import dev.ncwrelay.rpc.sign.SigningFailedException;
import dev.ncwrelay.rsa.RsaProvider;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.http.Abort;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import dev.ncwrelay.testkit.net.FreePort;
import java.net.URI;
import java.security.ProviderException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** One attempt against a fake Fireblocks that validates tokens and fails on demand. */
class HttpAttemptTest {

    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Enough to send a request on a busy machine. */
    private static final Duration PATIENT = Duration.ofSeconds(2);

    private final String device = UUID.randomUUID().toString();
    private final Invoker invoker = Calls.http(FIREBLOCKS);

    @AfterAll
    static void stop() {
        FIREBLOCKS.close();
    }

    @BeforeEach
    void reset() {
        FIREBLOCKS.invoke().reset();
        FIREBLOCKS.invoke().forget();
    }

    static List<byte[]> bodies() {
        return List.of(
                "{\"result\":\"Grüße, 世界 ✓ \\u0000 𝄞\"}".getBytes(UTF_8),
                "{ \"result\" : { \"spaces\" : [ 1.0 , 1e-05 ] } }\n".getBytes(UTF_8),
                "{\"error\":{\"message\":\"Unexpected physicalDeviceId\",\"code\":-1}}".getBytes(UTF_8),
                "not JSON at all".getBytes(UTF_8),
                new byte[] {0, (byte) 0xff, (byte) 0xfe, 13, 10},
                new byte[0],
                random(2_000_000),
                random(5 * 1024 * 1024));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void response_isReturnedUnchanged(byte[] body) throws Exception {
        FIREBLOCKS.invoke().onDevice(device, _ -> InvokeAnswer.body(body));

        var outcome = invoke("get_all_keys");

        assertThat(outcome).asInstanceOf(type(Answered.class)).satisfies(answered -> {
            assertThat(answered.response().status()).isEqualTo(200);
            assertThat(answered.response().contentType()).isEqualTo("application/json");
            assertThat(answered.response().body().toByteArray()).isEqualTo(body);
        });
    }

    @Test
    void request_containsPayloadAndIdsUnchanged() throws Exception {
        // Given
        var strange = "device /?#%2F+ü..";
        var payload = "not even JSON: \"quotes\" \\ \n tab\t Grüße 世界 𝄞 \u2028";

        // When
        var invoked = invoker.invoke(Calls.request(strange, payload, LONG));

        // Then
        assertThat(invoked.outcome()).isInstanceOf(Answered.class);
        var call = FIREBLOCKS.invoke().calls().getFirst();
        assertThat(call.payload()).isEqualTo(payload);
        assertThat(call.deviceId()).isEqualTo(strange);
        assertThat(call.walletId()).isEqualTo("wallet/ä");
        assertThat(call.headers().get("Content-Type")).isEqualTo("application/json");
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 302, 307, 400, 401, 403, 404, 408, 409, 413, 429, 500, 501, 503})
    void status_otherThan2xxIsRefused(int status) throws Exception {
        FIREBLOCKS
                .invoke()
                .answerNext(InvokeAnswer.refusal(status, "No", 7)
                        .header("Location", FIREBLOCKS.url() + "/elsewhere")
                        .header("Retry-After", "0"));

        var outcome = invoke("poll_mpc_msg");

        assertThat(outcome).asInstanceOf(type(Refused.class)).satisfies(refused -> {
            assertThat(refused.response().status()).isEqualTo(status);
            assertThat(refused.response().body().utf8()).isEqualTo("{\"message\":\"No\",\"code\":7}");
        });
        assertThat(FIREBLOCKS.invoke().callsOf(device)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 504})
    void gatewayFailure_isAmbiguous(int status) throws Exception {
        FIREBLOCKS.invoke().answerNext(InvokeAnswer.status(status));

        assertThat(invoke("poll_mpc_msg")).isEqualTo(new Ambiguous("a gateway replied " + status, false));
    }

    @Test
    void connectionRefused_isUnreachable() throws Exception {
        var closedPort = URI.create("http://127.0.0.1:" + FreePort.next());

        var outcome = Calls.http(FIREBLOCKS, closedPort, Calls.CALL)
                .invoke(Calls.request(device, Calls.payload("enroll_player"), LONG))
                .outcome();

        assertThat(outcome).isInstanceOf(Unreachable.class);
    }

    @Test
    void keyThatCannotSign_isNotSigned_andNothingIsSent() throws Exception {
        var signer = new RequestSigner(
                LONG,
                Clock.systemUTC(),
                () -> {
                    throw new SigningFailedException(new ProviderException("injected"));
                },
                RsaProvider.ofJdk());
        var account = Calls.account(FIREBLOCKS, FIREBLOCKS.url());
        var user = Accounts.read(account).all().getFirst();
        var attempt = new HttpAttempt(
                CallConfiguration.httpClient(Calls.CALL), signer, account.api(), Clock.systemUTC(), Calls.CALL);

        var outcome = attempt.invoke(Calls.request(device, Calls.payload("enroll_player"), LONG), user)
                .outcome();

        assertThat(outcome).isEqualTo(new NotSigned("not sent: the key cannot sign: ProviderException"));
        assertThat(FIREBLOCKS.invoke().callsOf(device)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Abort.class)
    void connectionClosedAfterTheRequest_isAmbiguousAndNotSentAgain(Abort abort) throws Exception {
        FIREBLOCKS.invoke().onDevice(device, _ -> InvokeAnswer.cut(abort));

        assertThat(invoke("enroll_player")).isInstanceOf(Ambiguous.class);

        assertThat(FIREBLOCKS.invoke().callsOf(device)).hasSize(1);
    }

    /** OkHttp by itself would send again on a pooled connection. */
    @ParameterizedTest
    @EnumSource(Abort.class)
    void pooledConnectionClosedAfterTheRequest_isNotSentAgain(Abort abort) throws Exception {
        // Given
        assertThat(invoke("get_all_keys")).isInstanceOf(Answered.class);
        FIREBLOCKS.invoke().onDevice(device, _ -> InvokeAnswer.cut(abort));

        // When
        var outcome = invoke("enroll_player");

        // Then
        assertThat(outcome).isInstanceOf(Ambiguous.class);
        assertThat(FIREBLOCKS.invoke().callsOf(device)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Abort.class)
    void connectionClosedBeforeTheRequestIsRead_isAmbiguous(Abort abort) throws Exception {
        FIREBLOCKS.interruptions().nextRequests(1, abort);

        assertThat(invoke("enroll_player")).isInstanceOf(Ambiguous.class);

        assertThat(FIREBLOCKS.invoke().callsOf(device)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Abort.class)
    void truncatedBody_isAmbiguous(Abort abort) throws Exception {
        FIREBLOCKS.invoke().answerNext(InvokeAnswer.result("a long answer").truncatedAfter(5, abort));

        assertThat(invoke("poll_mpc_msg"))
                .asInstanceOf(type(Ambiguous.class))
                .satisfies(ambiguous -> assertThat(ambiguous.permanent()).isFalse());
    }

    @Test
    void slowResponse_isReadCompletely() throws Exception {
        FIREBLOCKS.invoke().answerNext(InvokeAnswer.result("slow").slowBody(4, Duration.ofMillis(10)));
        FIREBLOCKS.invoke().answerNext(InvokeAnswer.result("slow").slowHead(40, Duration.ofMillis(10)));

        for (int i = 0; i < 2; i++) {
            assertThat(invoke("poll_mpc_msg"))
                    .asInstanceOf(type(Answered.class))
                    .extracting(answered -> answered.response().body().utf8())
                    .isEqualTo("{\"result\":\"slow\"}");
        }
    }

    @Test
    void deadlinePassedBefore_isExpiredAndNotSent() throws Exception {
        var invoked = invoker.invoke(Calls.request(device, Calls.payload("get_all_keys"), Duration.ofMillis(-1)));

        assertThat(invoked).isEqualTo(new CallResult(new Expired(), Duration.ZERO));
        assertThat(FIREBLOCKS.invoke().callsOf(device)).isEmpty();
    }

    static List<dev.ncwrelay.testkit.http.Answer> tooSlow() {
        var answer = InvokeAnswer.result("much too late");
        return List.of(
                answer.heldFor(LONG),
                answer.slowHead(1, Duration.ofSeconds(1)),
                answer.slowBody(1, Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @MethodSource("tooSlow")
    void deadlinePassedDuring_isTimedOut(dev.ncwrelay.testkit.http.Answer answer) throws Exception {
        // Opens the connection: a deadline that passes before the request is sent has another outcome.
        invoke("get_all_keys");
        FIREBLOCKS.invoke().onDevice(device, _ -> answer);

        var outcome = invoker.invoke(Calls.request(device, Calls.payload("poll_mpc_msg"), PATIENT))
                .outcome();

        assertThat(outcome).isInstanceOf(TimedOut.class);
    }

    @Test
    void timeoutBeforeTheDeadline_isAmbiguous() throws Exception {
        // Given
        var shortTimeout = new CallSettings(PATIENT, LONG, LONG, DataSize.ofMegabytes(1), 1, Duration.ofSeconds(1));
        var impatient = Calls.http(FIREBLOCKS, FIREBLOCKS.url(), shortTimeout);
        impatient.invoke(Calls.request(device, Calls.payload("get_all_keys"), LONG));
        FIREBLOCKS.invoke().onDevice(device, _ -> InvokeAnswer.result("late").heldFor(LONG));

        // When
        var outcome = impatient
                .invoke(Calls.request(device, Calls.payload("poll_mpc_msg"), LONG))
                .outcome();

        // Then
        assertThat(outcome).isEqualTo(new Ambiguous("no response within PT2S", false));
    }

    @Test
    void responseOverTheLimit_isNotReadIntoMemory() throws Exception {
        FIREBLOCKS.invoke().onDevice(device, _ -> InvokeAnswer.body(random(5 * 1024 * 1024 + 1)));

        assertThat(invoke("get_all_keys")).asInstanceOf(type(Ambiguous.class)).satisfies(ambiguous -> {
            assertThat(ambiguous.permanent()).isTrue();
            assertThat(ambiguous.detail()).contains("larger than 5242880 bytes");
        });
    }

    @Test
    void interrupt_endsTheCallWithoutAnOutcome() throws Exception {
        // Given
        FIREBLOCKS.invoke().onDevice(device, _ -> InvokeAnswer.result("late").heldFor(LONG));
        var ended = new CompletableFuture<Outcome>();
        var thread = Thread.ofVirtual().start(() -> {
            try {
                ended.complete(invoke("poll_mpc_msg"));
            } catch (InterruptedException e) {
                ended.completeExceptionally(e);
            }
        });
        Awaitility.await().until(() -> !FIREBLOCKS.invoke().callsOf(device).isEmpty());

        // When
        thread.interrupt();

        // Then
        assertThat(ended).failsWithin(LONG).withThrowableThat().withCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void idempotencyKey_isUniquePerRequestAndAbsentForRepeatableMethods() throws Exception {
        // Given
        var deadline = Instant.now().plus(LONG);
        var requests = List.of(
                Calls.request("1", device, Calls.payload("enroll_player"), deadline),
                Calls.request("1", device, Calls.payload("enroll_player"), deadline),
                Calls.request("2", device, Calls.payload("enroll_player"), deadline),
                Calls.request("1", device + "-b", Calls.payload("enroll_player"), deadline),
                Calls.request("1", device, Calls.payload("poll_mpc_msg"), deadline));

        // When
        for (var request : requests) {
            invoker.invoke(request);
        }

        // Then
        var keys = FIREBLOCKS.invoke().calls().stream()
                .map(call -> call.idempotencyKey().orElse(""))
                .toList();
        assertThat(keys.get(0)).isEqualTo(keys.get(1)).hasSize(36);
        assertThat(List.of(keys.get(0), keys.get(2), keys.get(3))).doesNotHaveDuplicates();
        assertThat(keys.get(4)).isEmpty();
    }

    private Outcome invoke(String method) throws InterruptedException {
        return invoker.invoke(Calls.request(device, Calls.payload(method), LONG))
                .outcome();
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
