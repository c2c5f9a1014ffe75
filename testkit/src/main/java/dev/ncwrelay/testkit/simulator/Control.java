package dev.ncwrelay.testkit.simulator;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** What the control API's routes share: requests are strict JSON, and an invalid one is answered with what was expected. */
final class Control {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private Control() {}

    /** A route whose {@link InvalidRequestException} becomes a 400. */
    static Route route(String method, String path, Function<Received, Answer> responder) {
        return routeLater(method, path, received -> CompletableFuture.completedStage(responder.apply(received)));
    }

    /** The same for an answer that is known later. */
    static Route routeLater(String method, String path, Function<Received, CompletionStage<Answer>> responder) {
        return Route.later(method, path, received -> {
            try {
                return responder.apply(received);
            } catch (InvalidRequestException wrong) {
                return CompletableFuture.completedStage(
                        Answer.problem(400, "invalid-request", "The request is not valid", wrong.expected()));
            }
        });
    }

    /** Reads a request. */
    static <T> T request(Class<T> type, Received received) {
        try {
            var request = MAPPER.readValue(received.body().toArray(), type);
            if (request == null) {
                throw new InvalidRequestException("a JSON object is expected, not null");
            }
            return request;
        } catch (JacksonException e) {
            // Jackson's messages contain class names, which do not help a caller.
            var cause =
                    e.getOriginalMessage().replaceAll("(?s) \\(class .*", "").replaceAll("\\b[a-z]+\\.[\\w.]+[.$]", "");
            throw new InvalidRequestException("a JSON object is expected with any of " + members(type) + ": " + cause);
        }
    }

    static Answer noContent() {
        return Answer.reply(204, "application/json", Bytes.empty());
    }

    /** The other answer to paths below {@code /simulator}. */
    static Answer unknownRoute(Received received) {
        return Answer.problem(
                404,
                "unknown-route",
                "No such route",
                "there is no " + received.method() + " " + received.path()
                        + "; testkit/README.md lists what the simulator understands");
    }

    private static String members(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.joining(", "));
    }
}
