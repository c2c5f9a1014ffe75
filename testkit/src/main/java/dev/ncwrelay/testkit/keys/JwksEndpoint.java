package dev.ncwrelay.testkit.keys;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Publishes a key set at one path; can be made to fail, to answer incorrectly or to stall until it recovers. */
public final class JwksEndpoint {
    private final SigningKeys keys;
    private final String path;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile State state = new Serving();
    private volatile String cacheControl = "public, max-age=3600, s-maxage=3600";

    public JwksEndpoint(SigningKeys keys, String path) {
        this.keys = keys;
        this.path = path;
    }

    private sealed interface State {}

    private record Serving() implements State {}

    private record Answering(Answer answer) implements State {}

    private record Stalling(CompletableFuture<Void> end) implements State {}

    /** The path of the key set on its server. */
    public String path() {
        return path;
    }

    /** Number of requests, with any answer. */
    public int requests() {
        return requests.get();
    }

    /** Sets the Cache-Control header; the default is the one that Fireblocks documents. */
    public void cacheControl(String value) {
        cacheControl = value;
    }

    /** Answers every request with this status and no keys. */
    public void fail(int status) {
        answerWith(Answer.reply(status, "text/plain", Bytes.utf8("failing on purpose")));
    }

    /** Answers every request with this, for example with something other than a key set. */
    public void answerWith(Answer answer) {
        become(new Answering(answer));
    }

    /** Accepts requests and sends nothing until {@link #recover()}; the waiting ones are answered then. */
    public void stall() {
        become(new Stalling(new CompletableFuture<>()));
    }

    /** Serves the keys again. */
    public void recover() {
        become(new Serving());
    }

    public Route route() {
        return Route.later("GET", path, this::answer);
    }

    private void become(State next) {
        if (exchange(next) instanceof Stalling stalled) {
            stalled.end().complete(null);
        }
    }

    private synchronized State exchange(State next) {
        var before = state;
        state = next;
        return before;
    }

    private CompletionStage<Answer> answer(Received request) {
        requests.incrementAndGet();
        return switch (state) {
            case Serving _ -> CompletableFuture.completedStage(keySet());
            case Answering answering -> CompletableFuture.completedStage(answering.answer());
            case Stalling stalling -> stalling.end().thenApply(_ -> keySet());
        };
    }

    private Answer keySet() {
        return Answer.reply(200, "application/json", Bytes.utf8(keys.jwks()))
                .header("Cache-Control", cacheControl)
                .header("Access-Control-Allow-Origin", "*");
    }
}
