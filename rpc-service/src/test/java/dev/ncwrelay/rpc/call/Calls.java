package dev.ncwrelay.rpc.call;

import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.rpc.request.InvokeRequest;
import dev.ncwrelay.rpc.sign.Accounts;
import dev.ncwrelay.rpc.sign.ApiKey;
import dev.ncwrelay.rpc.sign.FireblocksProperties;
import dev.ncwrelay.rpc.sign.PrivateKeyPem;
import dev.ncwrelay.rpc.sign.Region;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.springframework.util.unit.DataSize;

/** Requests to make and the invokers that make them, as the service has them. */
final class Calls {

    static final CallProperties CALL = new CallProperties(
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
        return ((InvokeRequest.Check.Callable) InvokeRequest.check(record)).request();
    }

    static String payload(String method) {
        return "{\"method\":\"" + method + "\",\"headers\":{}}";
    }

    static Invoker http(FakeFireblocks fireblocks) {
        return http(fireblocks, fireblocks.url(), CALL);
    }

    static Invoker http(FakeFireblocks fireblocks, URI url, CallProperties properties) {
        var account = account(fireblocks, url);
        var user =
                Accounts.of(account, Clock.systemUTC(), UUID::randomUUID).all().getFirst();
        var attempt =
                new HttpInvoker(CallConfiguration.httpClient(properties), account.api(), Clock.systemUTC(), properties);
        return request -> attempt.invoke(request, user);
    }

    static FireblocksProperties account(FakeFireblocks fireblocks, URI url) {
        return new FireblocksProperties(
                Region.US,
                url.toString(),
                ApiKey.of(fireblocks.apiUser().apiKey()),
                null,
                PrivateKeyPem.of(fireblocks.apiUser().privateKeyPem()),
                null,
                Duration.ofSeconds(30));
    }

    /** With repetition, whose pauses take next to no time. */
    static Invoker retrying(Invoker next) {
        return new RetryingInvoker(next, backoff(), Clock.systemUTC(), Thread::sleep);
    }

    static Backoff backoff() {
        var retry = new RetryProperties(Duration.ofMillis(1), Duration.ofMillis(2));
        return new Backoff(retry, Clock.systemUTC(), () -> 0L);
    }
}
