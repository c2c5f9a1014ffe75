package dev.ncwrelay.testkit.simulator;

import dev.ncwrelay.testkit.http.Abort;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.invoke.InvokeAnswer;
import dev.ncwrelay.testkit.invoke.InvokeCall;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How calls are to be answered. Without {@code method} and {@code deviceId} it is for the next {@code times} calls, with
 * one of them for every call that matches. Without any content the answer is the usual echo.
 *
 * @param method the SDK method of the calls that are meant
 * @param deviceId the device whose calls are meant
 * @param times for how many calls, 1 unless said
 * @param status the HTTP status, 200 unless said
 * @param headers further headers, such as Retry-After
 * @param result the JSON value of {@code {"result": ...}}
 * @param error the JSON value of {@code {"error": ...}}
 * @param body the whole body as text
 * @param bodyBase64 the whole body as bytes
 * @param holdSeconds how long nothing is sent
 * @param pieceBytes size of the pieces in which the body trickles, one each {@code pieceSeconds}
 * @param pieceSeconds 1 unless said
 * @param truncateAfter after how many bytes of the body the connection is cut
 * @param cut how the connection ends without an answer, or where it is truncated
 */
record SetAnswerRequest(
        @Nullable String method,
        @Nullable String deviceId,
        @Nullable Integer times,
        @Nullable Integer status,
        @Nullable Map<String, String> headers,
        @Nullable JsonNode result,
        @Nullable JsonNode error,
        @Nullable String body,
        @Nullable String bodyBase64,
        @Nullable Double holdSeconds,
        @Nullable Integer pieceBytes,
        @Nullable Double pieceSeconds,
        @Nullable Integer truncateAfter,
        @Nullable Abort cut) {

    /**
     * Checks that the request can be met.
     *
     * @throws InvalidRequestException if members contradict each other or are out of bounds
     */
    void check() {
        if (Stream.of(result, error, body, bodyBase64)
                        .filter(content -> content != null)
                        .count()
                > 1) {
            throw new InvalidRequestException("only one of result, error, body and bodyBase64 is expected");
        }
        if (times != null && (forMatching() || times < 1 || times > 100_000)) {
            throw new InvalidRequestException("times must be 1 to 100000, and goes with neither method nor deviceId");
        }
        if (pieceBytes != null && truncateAfter != null) {
            throw new InvalidRequestException("only one of pieceBytes and truncateAfter is expected");
        }
        try {
            // An answer that cannot be made is refused now, not when a call comes; only an echo's size is not known
            // yet.
            if (truncateAfter == null || result != null || error != null || body != null || bodyBase64 != null) {
                answer("");
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(String.valueOf(e.getMessage()));
        }
    }

    boolean forMatching() {
        return method != null || deviceId != null;
    }

    boolean matches(InvokeCall call) {
        return (method == null || method.equals(call.method()))
                && (deviceId == null || deviceId.equals(call.deviceId()));
    }

    Answer answer(InvokeCall call) {
        return answer(call.payload());
    }

    private Answer answer(String payload) {
        var hold = seconds(holdSeconds, 0);
        if (cut != null && truncateAfter == null) {
            return new Answer.Cut(cut, hold);
        }
        var reply = reply(payload).heldFor(hold);
        if (truncateAfter != null) {
            return reply.truncatedAfter(truncateAfter, cut == null ? Abort.CLOSE : cut);
        }
        return pieceBytes == null ? reply : reply.slowBody(pieceBytes, seconds(pieceSeconds, 1));
    }

    private Answer.Reply reply(String payload) {
        var content = content(payload);
        var reply = new Answer.Reply(status == null ? 200 : status, content.headers(), content.body(), Duration.ZERO);
        for (var header : (headers == null ? Map.<String, String>of() : headers).entrySet()) {
            reply = reply.header(header.getKey(), header.getValue());
        }
        return reply;
    }

    private Answer.Reply content(String payload) {
        if (result != null) {
            return Answer.json(200, Map.of("result", result));
        }
        if (error != null) {
            return Answer.json(200, Map.of("error", error));
        }
        if (body != null) {
            return InvokeAnswer.body(Bytes.utf8(body).toArray());
        }
        if (bodyBase64 != null) {
            return InvokeAnswer.body(Base64.getDecoder().decode(bodyBase64));
        }
        return status == null || status == 200 ? InvokeAnswer.echo(payload) : InvokeAnswer.status(status);
    }

    private static Duration seconds(@Nullable Double seconds, int otherwise) {
        return Duration.ofMillis(Math.round((seconds == null ? otherwise : seconds) * 1000));
    }
}
