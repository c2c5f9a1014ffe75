package dev.ncwrelay.testkit.http;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request that was read to its end.
 *
 * @param method in capitals, as sent
 * @param path raw, without the query
 * @param pathAndQuery raw, exactly as in the request line
 * @param variables what the route's placeholders matched, decoded
 * @param query the query's parameters, decoded; the last value of a repeated name
 * @param headers names in any case; several values of one name joined by a comma
 * @param body as received
 */
public record Received(
        String method,
        String path,
        String pathAndQuery,
        Map<String, String> variables,
        Map<String, String> query,
        Map<String, String> headers,
        Bytes body) {

    public Received {
        variables = Map.copyOf(variables);
        query = Map.copyOf(query);
        headers = ignoringCase(headers);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** What the placeholder {@code {name}} of the route matched. */
    public String variable(String name) {
        var value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no placeholder " + name);
        }
        return value;
    }

    private static Map<String, String> ignoringCase(Map<String, String> headers) {
        var sorted = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        sorted.putAll(headers);
        return Collections.unmodifiableMap(sorted);
    }
}
