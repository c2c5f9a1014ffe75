package dev.ncwrelay.client;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The answer to a request that succeeded. */
record Answer<T>(int status, HttpHeaders headers, T body) {

    /** How long the relay asks to wait before the next request; null when it does not. */
    @Nullable
    Duration retryAfter() {
        return RetryAfter.of(headers, Clock.systemUTC());
    }

    /** Reads a success with the given handler, and all else as a problem. */
    static <T> BodyHandler<Body<T>> handler(BodyHandler<T> onSuccess) {
        return info -> info.statusCode() / 100 == 2
                ? BodySubscribers.mapping(onSuccess.apply(info), body -> new Body.Expected<>(body))
                : BodySubscribers.mapping(
                        BodySubscribers.ofString(StandardCharsets.UTF_8), text -> new Body.Refusal<>(text));
    }

    /** The error of a response that is no success. */
    static RelayException refusal(HttpResponse<? extends Body<?>> response) {
        var text = response.body() instanceof Body.Refusal<?> refusal ? refusal.text() : "";
        return Problem.of(response.statusCode(), text, RetryAfter.of(response.headers(), Clock.systemUTC()));
    }

    /** The body of a response. */
    sealed interface Body<T> {

        record Expected<T>(T body) implements Body<T> {}

        record Refusal<T>(String text) implements Body<T> {}
    }
}
