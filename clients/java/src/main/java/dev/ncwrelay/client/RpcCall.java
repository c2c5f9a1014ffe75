package dev.ncwrelay.client;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call of the SDK to Fireblocks, with one request id, however often the connection is lost. */
final class RpcCall {

    /**
     * The relay remembers a request id for at least twice the 55 seconds that a call may take. A request that is repeated
     * later could run twice.
     */
    static final Duration MAX_TIMEOUT = Duration.ofSeconds(110);

    /** How long the relay holds a request before it answers 202; proxies cut longer ones. */
    private static final int HOLD_SECONDS = 20;

    private static final Duration SLACK = Duration.ofSeconds(15);
    private static final long HELD_MILLIS = 1_000;

    private final ClientContext context;
    private final Http http;
    private final Timing timing;
    private final String payload;
    private final Duration timeout;
    private final Backoff backoff;
    private final String requestId = UUID.randomUUID().toString();
    private final long began;
    /** True when the relay has stored the call: then only the answer is asked for. */
    private boolean isStored;

    private @Nullable RelayException last;

    RpcCall(ClientContext context, String payload, Duration timeout) {
        this.context = context;
        this.http = context.http();
        this.timing = context.timing();
        this.payload = payload;
        this.timeout = timeout;
        this.backoff = new Backoff(timing);
        this.began = timing.millis();
    }

    /** Fireblocks' answer, as text. */
    String answer() throws InterruptedException {
        while (left().toMillis() > 0) {
            try (var use = context.network().use()) {
                var answer = request(use);
                if (answer != null) {
                    return answer;
                }
            }
        }
        throw new RelayException("timeout", "no answer within " + timeout.toMillis() + " ms", last);
    }

    /** One request; null when there is no answer yet, after the pause before the next one. */
    private @Nullable String request(Network.Use use) throws InterruptedException {
        long sent = timing.millis();
        try {
            var answer = attempt(http.during(use));
            if (answer.status() != 202) {
                return answer.body();
            }
            isStored = true;
            backoff.reset();
            // A 202 that was not held would be asked for again at once.
            sleep(Duration.ofMillis(sent + HELD_MILLIS - timing.millis()), context.closed());
        } catch (RelayException failure) {
            // The same id would get the same answer again, so that of Fireblocks' failures is final.
            if (!failure.isTransient()
                    || failure.problem().filter("rpc-failed"::equals).isPresent()) {
                throw failure;
            }
            last = failure;
            sleep(failure.retryAfter().orElse(Duration.ZERO), context.closed());
            sleep(backoff.next(), use.over());
        }
        return null;
    }

    private Answer<String> attempt(Http http) throws InterruptedException {
        var limit = min(left(), SLACK.plusSeconds(HOLD_SECONDS));
        if (isStored) {
            return http.send(http.request("rpc/" + requestId + "?wait=" + HOLD_SECONDS), limit);
        }
        var request = http.post(
                        "rpc", new JsonWriter().member("message", payload).end())
                .header("Request-Id", requestId)
                .header("Prefer", "respond-async, wait=" + HOLD_SECONDS);
        return http.send(request, limit);
    }

    private void sleep(Duration time, CompletableFuture<Void> end) throws InterruptedException {
        if (!time.isZero()) {
            timing.sleep(min(time, left()), end);
        }
    }

    private Duration left() {
        return timeout.minusMillis(timing.millis() - began);
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
