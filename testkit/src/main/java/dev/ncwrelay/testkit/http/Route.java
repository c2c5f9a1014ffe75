package dev.ncwrelay.testkit.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A method and path of the server with its handler. In the path, {@code {name}} matches one segment. */
public final class Route {
    private final String method;
    private final List<String> segments;
    private final Function<Received, CompletionStage<Answer>> responder;

    private Route(String method, String path, Function<Received, CompletionStage<Answer>> responder) {
        this.method = method;
        this.segments = List.of(path.split("/", -1));
        this.responder = responder;
    }

    /** A route that answers at once. */
    public static Route of(String method, String path, Function<Received, Answer> responder) {
        return new Route(method, path, received -> CompletableFuture.completedStage(responder.apply(received)));
    }

    /** A route that answers later; until then the request uses no thread. */
    public static Route later(String method, String path, Function<Received, CompletionStage<Answer>> responder) {
        return new Route(method, path, responder);
    }

    /** What the placeholders match in this raw path, or nothing if the route is another. */
    Optional<Map<String, String>> match(String requestMethod, String rawPath) {
        var actual = rawPath.split("/", -1);
        if (!method.equals(requestMethod) || actual.length != segments.size()) {
            return Optional.empty();
        }
        var variables = new HashMap<String, String>();
        for (int i = 0; i < actual.length; i++) {
            var segment = segments.get(i);
            if (segment.startsWith("{") && !actual[i].isEmpty()) {
                // URLDecoder reads + as a blank, which in a path it is not (RFC 3986, section 3.3).
                var decoded = URLDecoder.decode(actual[i].replace("+", "%2B"), StandardCharsets.UTF_8);
                variables.put(segment.substring(1, segment.length() - 1), decoded);
            } else if (!segment.equals(actual[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }

    CompletionStage<Answer> answer(Received received) {
        return responder.apply(received);
    }
}
