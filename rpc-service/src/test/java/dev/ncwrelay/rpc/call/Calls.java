package dev.ncwrelay.rpc.call;

import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.rpc.credentials.Accounts;
import dev.ncwrelay.rpc.credentials.ApiKey;
import dev.ncwrelay.rpc.credentials.FireblocksSettings;
import dev.ncwrelay.rpc.credentials.PrivateKeyPem;
import dev.ncwrelay.rpc.credentials.Region;
import dev.ncwrelay.rpc.credentials.TenantSettings;
import dev.ncwrelay.rpc.credentials.UserSettings;
import dev.ncwrelay.rpc.request.InvokeRequest;
import dev.ncwrelay.rpc.sign.RequestSigner;
import dev.ncwrelay.rsa.RsaProvider;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Requests, and invokers as the service builds them. */
final class Calls {

    static final CallSettings CALL = new CallSettings(
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            DataSize.ofMegabytes(5),
            100,
            Duration.ofSeconds(30));

    private Calls() {}

    static InvokeRequest request(String deviceId, String payload, Duration untilDeadline) {
        return request(
                UUID.randomUUID().toString(), deviceId, payload, Instant.now().plus(untilDeadline));
    }

    static InvokeRequest request(String requestId, String deviceId, String payload, Instant deadline) {
        var record = RpcRequest.newBuilder()
                .setRequestId(requestId)
                .setDeviceId(deviceId)
                .setWalletId("wallet/ä")
                .setPayload(ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8)))
                .setCreatedAt(Instant.EPOCH)
                .setDeadline(deadline)
                .build();
        return ((InvokeRequest.Check.Valid) InvokeRequest.check(record)).request();
    }

    static String payload(String method) {
        return "{\"method\":\"" + method + "\",\"headers\":{}}";
    }

    /** The same request of a tenant. */
    static InvokeRequest of(@Nullable String tenant, InvokeRequest request) {
        return new InvokeRequest(
                request.requestId(),
                request.deviceId(),
                request.walletId(),
                tenant,
                request.body(),
                request.method(),
                request.deadline());
    }

    /** A default account, and one for each of the tenants. */
    static Accounts accounts(String... tenants) {
        try (var fireblocks = FakeFireblocks.start()) {
            var key = PrivateKeyPem.of(fireblocks.apiUser().privateKeyPem());
            var users = List.of(new UserSettings(ApiKey.of("any"), null, key, null));
            return Accounts.read(new FireblocksSettings(
                    Region.US,
                    null,
                    null,
                    null,
                    null,
                    null,
                    Duration.ofSeconds(30),
                    users,
                    Stream.of(tenants).collect(Collectors.toMap(tenant -> tenant, _ -> new TenantSettings(users))),
                    Duration.ZERO));
        }
    }

    static Invoker http(FakeFireblocks fireblocks) {
        return http(fireblocks, fireblocks.url(), CALL);
    }

    static Invoker http(FakeFireblocks fireblocks, URI url, CallSettings settings) {
        var account = account(fireblocks, url);
        var user = Accounts.read(account).all().getFirst();
        var attempt = new HttpAttempt(
                CallConfiguration.httpClient(settings), signer(), account.api(), Clock.systemUTC(), settings);
        return request -> attempt.invoke(request, user);
    }

    static RequestSigner signer() {
        return new RequestSigner(Duration.ofSeconds(30), Clock.systemUTC(), UUID::randomUUID, RsaProvider.ofJdk());
    }

    static FireblocksSettings account(FakeFireblocks fireblocks, URI url) {
        return new FireblocksSettings(
                Region.US,
                url.toString(),
                ApiKey.of(fireblocks.apiUser().apiKey()),
                null,
                PrivateKeyPem.of(fireblocks.apiUser().privateKeyPem()),
                null,
                Duration.ofSeconds(30));
    }

    /** With retries, whose pauses are very short. */
    static Invoker retrying(Invoker next) {
        return new RetryingInvoker(next, backoff(), Clock.systemUTC(), Thread::sleep);
    }

    static Backoff backoff() {
        var retry = new RetrySettings(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMinutes(1));
        return new Backoff(retry, Clock.systemUTC(), () -> 0L);
    }
}
