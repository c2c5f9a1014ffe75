package dev.ncwrelay.rpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.rpc.call.Outcome.Answered;
import dev.ncwrelay.rpc.call.Outcome.NotSigned;
import dev.ncwrelay.rpc.call.Outcome.Refused;
import dev.ncwrelay.rpc.call.Outcome.Unreachable;
import dev.ncwrelay.rpc.credentials.Accounts;
import dev.ncwrelay.rpc.credentials.ApiKey;
import dev.ncwrelay.rpc.credentials.ApiUser;
import dev.ncwrelay.rpc.credentials.FireblocksSettings;
import dev.ncwrelay.rpc.credentials.PrivateKeyPem;
import dev.ncwrelay.rpc.credentials.Region;
import dev.ncwrelay.rpc.credentials.UserSettings;
import dev.ncwrelay.rpc.limit.LimitMetrics;
import dev.ncwrelay.rpc.limit.LimitSettings;
import dev.ncwrelay.rpc.limit.PartitionShare;
import dev.ncwrelay.rpc.request.InvokeRequest;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okio.ByteString;
import org.junit.jupiter.api.Test;

/** Two API users with different responses from Fireblocks. */
class FailoverInvokerTest {

    private static final Answered DONE = new Answered(answer(200));
    private static final String FIRST = "users[0]";
    private static final String SECOND = "users[1]";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> calls = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final Map<String, Outcome> outcomes = new HashMap<>();
    private long nanos;
    private Duration upstream = Duration.ZERO;
    private Runnable afterCall = () -> {};
    private final FailoverInvoker invoker = new FailoverInvoker(
            this::attempt,
            new ApiUserPools(
                    accounts(),
                    new PartitionShare(),
                    new LimitSettings(0, 60, 60, 0, 200),
                    new LimitMetrics(meters),
                    () -> nanos),
            Calls.backoff(),
            new ClockSkewDetector(Clock.systemUTC()),
            Clock.systemUTC(),
            pauses::add);

    @Test
    void calls_areDistributedOverTheUsers() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(invoke()).isEqualTo(DONE);
        }

        assertThat(calls).containsOnly(FIRST, SECOND).filteredOn(FIRST::equals).hasSize(5);
    }

    @Test
    void rejectedToken_failsOverAtOnceAndSuspendsTheUser() throws Exception {
        outcomes.put(FIRST, new Refused(answer(401)));

        for (int i = 0; i < 10; i++) {
            assertThat(invoke()).isEqualTo(DONE);
        }

        assertThat(calls).filteredOn(FIRST::equals).hasSize(1);
        assertThat(rejections(FIRST, "unauthorized")).isEqualTo(1);
        assertThat(pauses).isEmpty();
    }

    @Test
    void keyThatDoesNotSign_failsOverAtOnceAndSuspendsTheUserForAWhile() throws Exception {
        outcomes.put(FIRST, new NotSigned("token away"));

        for (int i = 0; i < 10; i++) {
            assertThat(invoke()).isEqualTo(DONE);
        }

        assertThat(calls).filteredOn(FIRST::equals).hasSize(1);
        assertThat(rejections(FIRST, "not_signed")).isEqualTo(1);

        outcomes.clear();
        nanos += Duration.ofSeconds(5).toNanos();
        assertThat(invoke()).isEqualTo(DONE);
        assertThat(invoke()).isEqualTo(DONE);
        assertThat(calls).filteredOn(FIRST::equals).hasSize(2);
    }

    /** A signature costs Fireblocks nothing, and the token may be back at any time. */
    @Test
    void noKeySigns_eachCallTriesAll() throws Exception {
        outcomes.put(FIRST, new NotSigned("token away"));
        outcomes.put(SECOND, new NotSigned("token away"));

        for (int i = 0; i < 5; i++) {
            assertThat(invoke()).isEqualTo(new NotSigned("token away"));
        }

        assertThat(calls).hasSize(10);
    }

    /** Trying each call would not help, but the account may be corrected at any time. */
    @Test
    void allTokensRejected_failsAtOnceAndProbesAtIntervals() throws Exception {
        outcomes.put(FIRST, new Refused(answer(401)));
        outcomes.put(SECOND, new Refused(answer(401)));

        for (int i = 0; i < 10; i++) {
            assertThat(invoke()).isEqualTo(new Refused(answer(401)));
        }
        assertThat(calls).containsOnly(FIRST, SECOND).hasSize(6);

        outcomes.clear();
        nanos += Duration.ofSeconds(5).toNanos();
        assertThat(invoke()).isEqualTo(DONE);
        assertThat(invoke()).isEqualTo(DONE);
    }

    @Test
    void rateLimitedUser_failsOverAtOnce() throws Exception {
        outcomes.put(FIRST, new Refused(answer(429)));

        for (int i = 0; i < 4; i++) {
            assertThat(invoke()).isEqualTo(DONE);
        }

        assertThat(rejections(FIRST, "rate_limited")).isPositive();
        assertThat(meters.get("relay.rpc.user.rate.limit")
                        .tag("user", FIRST)
                        .gauge()
                        .value())
                .isFinite();
        assertThat(meters.get("relay.rpc.user.rate.limit")
                        .tag("user", SECOND)
                        .gauge()
                        .value())
                .isInfinite();
    }

    /** Fireblocks counts by the minute; a Retry-After of a day must not stop an account for a day. */
    @Test
    void usersRateLimitedForADay_areUsedAgainAfterAMinute() throws Exception {
        // Given
        var refused = new Refused(
                new FireblocksResponse(429, "application/json", "86400", null, ByteString.encodeUtf8("{}")));
        outcomes.put(FIRST, refused);
        outcomes.put(SECOND, refused);
        assertThat(invoke()).isEqualTo(refused);
        assertThat(invoke()).isInstanceOf(Unreachable.class);

        // When
        outcomes.clear();
        nanos += Duration.ofMinutes(1).toNanos();

        // Then
        assertThat(invoke()).isEqualTo(DONE);
    }

    /** Thirty seconds can pass between a signature and its check. */
    @Test
    void tokenExpiredInTransit_isSignedAgain() throws Exception {
        var expired =
                new FireblocksResponse(401, "application/json", null, null, ByteString.encodeUtf8("{\"code\":-10}"));
        outcomes.put(FIRST, new Refused(expired));
        outcomes.put(SECOND, new Refused(expired));
        upstream = Duration.ofSeconds(31);
        afterCall = outcomes::clear;

        assertThat(invoke()).isEqualTo(DONE);

        assertThat(calls).hasSize(2);
        assertThat(rejections(FIRST, "unauthorized")).isZero();
        assertThat(rejections(SECOND, "unauthorized")).isZero();
    }

    @Test
    void otherRejection_doesNotFailOver() throws Exception {
        outcomes.put(FIRST, new Refused(answer(403)));
        outcomes.put(SECOND, new Refused(answer(403)));

        assertThat(invoke()).isEqualTo(new Refused(answer(403)));
        assertThat(calls).hasSize(1);
    }

    @Test
    void tenantWithoutAnAccount_isNotCalled() throws Exception {
        var request = Calls.request("device-1", Calls.payload("get_all_keys"), Duration.ofSeconds(30));
        var foreign = new InvokeRequest(
                request.requestId(),
                request.deviceId(),
                request.walletId(),
                "unknown",
                request.body(),
                request.method(),
                request.deadline());

        assertThat(invoker.invoke(foreign).outcome()).isInstanceOf(Unreachable.class);
        assertThat(calls).isEmpty();
    }

    private double rejections(String user, String reason) {
        return meters.counter("relay.rpc.user.rejections", "user", user, "reason", reason)
                .count();
    }

    private Outcome invoke() throws InterruptedException {
        return invoker.invoke(Calls.request("device-1", Calls.payload("enroll_player"), Duration.ofSeconds(30)))
                .outcome();
    }

    private CallResult attempt(InvokeRequest request, ApiUser user) {
        calls.add(user.name());
        var invoked = new CallResult(outcomes.getOrDefault(user.name(), DONE), upstream);
        afterCall.run();
        return invoked;
    }

    private static Accounts accounts() {
        try (var fireblocks = FakeFireblocks.start()) {
            var key = PrivateKeyPem.of(fireblocks.apiUser().privateKeyPem());
            var users = List.of(
                    new UserSettings(ApiKey.of("first"), null, key, null),
                    new UserSettings(ApiKey.of("second"), null, key, null));
            return Accounts.read(new FireblocksSettings(
                    Region.US, null, null, null, null, null, Duration.ofSeconds(30), users, Map.of(), Duration.ZERO));
        }
    }

    private static FireblocksResponse answer(int status) {
        return new FireblocksResponse(status, "application/json", null, null, ByteString.encodeUtf8("{}"));
    }
}
