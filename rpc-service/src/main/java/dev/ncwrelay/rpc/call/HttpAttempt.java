package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.call.Outcome.Ambiguous;
import dev.ncwrelay.rpc.call.Outcome.Answered;
import dev.ncwrelay.rpc.call.Outcome.Expired;
import dev.ncwrelay.rpc.call.Outcome.NotSigned;
import dev.ncwrelay.rpc.call.Outcome.Refused;
import dev.ncwrelay.rpc.call.Outcome.TimedOut;
import dev.ncwrelay.rpc.call.Outcome.Unreachable;
import dev.ncwrelay.rpc.credentials.ApiUser;
import dev.ncwrelay.rpc.request.InvokeRequest;
import dev.ncwrelay.rpc.sign.RequestSigner;
import dev.ncwrelay.rpc.sign.SignedRequest;
import dev.ncwrelay.rpc.sign.SigningFailedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * One signed attempt over HTTP. The path is that of Fireblocks' JavaScript SDK (fireblocks-sdk-js, ncw-api-client.ts):
 * the invoke RPC is in no published API description.
 */
final class HttpAttempt implements Attempt {

    /** Statuses of gateways: whether the call was executed is unknown (RFC 9110 sections 15.6.3 and 15.6.5). */
    private static final Set<Integer> GATEWAY_FAILURES = Set.of(502, 504);

    private final OkHttpClient http;
    private final RequestSigner signer;
    private final HttpUrl api;
    private final Clock clock;
    private final Duration timeout;
    private final long maxResponseBytes;

    HttpAttempt(OkHttpClient http, RequestSigner signer, URI api, Clock clock, CallSettings settings) {
        this.http = http;
        this.signer = signer;
        this.api = HttpUrl.get(api.toString());
        this.clock = clock;
        this.timeout = settings.timeout();
        this.maxResponseBytes = settings.maxAnswer().toBytes();
    }

    @Override
    public CallResult invoke(InvokeRequest request, ApiUser user) throws InterruptedException {
        var remaining = Duration.between(clock.instant(), request.deadline());
        if (!remaining.isPositive()) {
            return new CallResult(new Expired(), Duration.ZERO);
        }
        var url = url(request);
        SignedRequest signed;
        try {
            signed = signer.sign(user.credentials(), url.encodedPath(), request.body(), min(remaining, timeout));
        } catch (SigningFailedException e) {
            return new CallResult(new NotSigned("not sent: " + e.getMessage()), Duration.ZERO);
        }
        // A token may have taken its time.
        remaining = Duration.between(clock.instant(), request.deadline());
        if (!remaining.isPositive()) {
            return new CallResult(new Expired(), Duration.ZERO);
        }
        var tracker = new SendTracker();
        boolean untilDeadline = remaining.compareTo(timeout) <= 0;
        var limit = min(remaining, timeout);
        long began = System.nanoTime();
        var outcome = attempt(httpRequest(url, request, signed, tracker), limit, untilDeadline, tracker);
        return new CallResult(outcome, Duration.ofNanos(System.nanoTime() - began));
    }

    private Outcome attempt(Request request, Duration limit, boolean untilDeadline, SendTracker tracker)
            throws InterruptedException {
        // Not enqueued: the caller waits on a virtual thread, and the dispatcher of OkHttp would run only 5 calls per
        // host.
        var call = http.newCall(request);
        call.timeout().timeout(limit.toNanos(), TimeUnit.NANOSECONDS);
        try (var response = call.execute()) {
            return outcome(response);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while calling Fireblocks");
            }
            return failure(e, limit, untilDeadline, tracker);
        }
    }

    private Outcome outcome(Response response) throws IOException {
        var source = response.body().source();
        if (source.request(maxResponseBytes + 1)) {
            return new Ambiguous(
                    "the response (status " + response.code() + ") is larger than " + maxResponseBytes + " bytes",
                    true);
        }
        var result = new FireblocksResponse(
                response.code(),
                response.header("Content-Type"),
                response.header("Retry-After"),
                response.header("Date"),
                source.readByteString());
        if (response.isSuccessful() || RpcError.isIn(response.code(), result.body())) {
            return new Answered(result);
        }
        if (GATEWAY_FAILURES.contains(response.code())) {
            return new Ambiguous("a gateway replied " + response.code(), false);
        }
        return new Refused(result);
    }

    private static Outcome failure(IOException e, Duration limit, boolean untilDeadline, SendTracker tracker) {
        if (!tracker.isSending()) {
            return new Unreachable("not sent: " + e);
        }
        if (e instanceof InterruptedIOException && untilDeadline) {
            return new TimedOut("no response before the deadline");
        }
        if (e instanceof InterruptedIOException) {
            return new Ambiguous("no response within " + limit, false);
        }
        return new Ambiguous("sent, but the response was lost: " + e, false);
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private HttpUrl url(InvokeRequest request) {
        return api.newBuilder()
                .encodedPath("/v1/ncw/wallets")
                .addPathSegment(request.walletId())
                .addPathSegment("devices")
                .addPathSegment(request.deviceId())
                .addPathSegment("invoke")
                .build();
    }

    private static Request httpRequest(HttpUrl url, InvokeRequest request, SignedRequest signed, SendTracker tracker) {
        var builder = new Request.Builder()
                .url(url)
                .header("X-API-Key", signed.apiKeyHeader())
                .header("Authorization", signed.authorizationHeader())
                .post(new OneShotBody(signed.body().bytes()))
                .tag(SendTracker.class, tracker);
        IdempotencyKey.of(request).ifPresent(key -> builder.header("Idempotency-Key", key));
        return builder.build();
    }
}
