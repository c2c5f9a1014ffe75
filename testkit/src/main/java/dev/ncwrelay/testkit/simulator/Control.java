package dev.ncwrelay.testkit.simulator;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** What the control API's routes share: orders are strict JSON, and a wrong one is answered with what was expected. */
final class Control {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private Control() {}

    /** A route whose {@link WrongOrderException} becomes a 400. */
    static Route route(String method, String path, Function<Received, Answer> responder) {
        return routeLater(method, path, received -> CompletableFuture.completedStage(responder.apply(received)));
    }

    /** The same for an answer that is known later. */
    static Route routeLater(String method, String path, Function<Received, CompletionStage<Answer>> responder) {
        return Route.later(method, path, received -> {
            try {
                return responder.apply(received);
            } catch (WrongOrderException wrong) {
                return CompletableFuture.completedStage(
                        Answer.problem(400, "wrong-order", "The order cannot be carried out", wrong.expected()));
            }
        });
    }

    /** Reads an order. */
    static <T> T order(Class<T> type, Received received) {
        try {
            var order = MAPPER.readValue(received.body().toArray(), type);
            if (order == null) {
                throw new WrongOrderException("a JSON object is expected, not null");
            }
            return order;
        } catch (JacksonException e) {
            throw new WrongOrderException(
                    "a JSON object with the members of " + describe(type) + " is expected: " + e.getOriginalMessage());
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

    private static String describe(Class<?> type) {
        var members = new StringBuilder(type.getSimpleName().toLowerCase(Locale.ROOT)).append(" (");
        for (var component : type.getRecordComponents()) {
            members.append(members.charAt(members.length() - 1) == '(' ? "" : ", ")
                    .append(component.getName());
        }
        return members.append(')').toString();
    }
}
