package dev.ncwrelay.delivery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** The operations of openapi.yaml, as a test reads them. */
record DescribedApi(List<Operation> operations) {

    /**
     * An operation.
     *
     * @param path with the names of its parameters in braces
     * @param body the members of its body by name, each with its schema; empty without a body
     * @param problems the types of the problems of each status; none for success
     */
    record Operation(
            String method,
            String path,
            List<Parameter> parameters,
            Map<String, Map<String, Object>> body,
            Map<Integer, Set<String>> problems) {

        boolean isV0() {
            return path.startsWith("/api/");
        }
    }

    /** A parameter and its schema; {@code in} is path, query or header. */
    record Parameter(String in, String name, Map<String, Object> schema, Object example) {}

    static DescribedApi read() throws IOException {
        Map<String, Object> api = new Yaml().load(Files.readString(Path.of("openapi.yaml")));
        return new DescribedApi(map(api, "paths").entrySet().stream()
                .flatMap(path -> object(path.getValue()).entrySet().stream()
                        .map(method -> operation(api, method.getKey(), path.getKey(), object(method.getValue()))))
                .toList());
    }

    private static Operation operation(
            Map<String, Object> api, String method, String path, Map<String, Object> described) {
        var problems = new TreeMap<Integer, Set<String>>();
        map(described, "responses")
                .forEach((status, response) ->
                        problems.put(Integer.valueOf(status), types(resolve(api, object(response)))));
        return new Operation(
                method.toUpperCase(Locale.ROOT),
                path,
                list(described, "parameters").stream()
                        .map(DescribedApi::object)
                        .map(one -> new Parameter(
                                one.getOrDefault("in", "").toString(),
                                one.getOrDefault("name", "").toString(),
                                map(one, "schema"),
                                one.getOrDefault("example", "")))
                        .toList(),
                body(api, described),
                problems);
    }

    private static Map<String, Map<String, Object>> body(Map<String, Object> api, Map<String, Object> described) {
        var content = map(map(map(described, "requestBody"), "content"), "application/json");
        var members = new TreeMap<String, Map<String, Object>>();
        map(resolve(api, map(content, "schema")), "properties")
                .forEach((name, schema) -> members.put(name, object(schema)));
        return members;
    }

    private static Set<String> types(Map<String, Object> response) {
        return map(response, "content").values().stream()
                .flatMap(content -> map(object(content), "examples").values().stream())
                .map(example -> map(object(example), "value").get("type"))
                .flatMap(type -> Stream.ofNullable(type).map(Object::toString))
                .collect(Collectors.toSet());
    }

    private static Map<String, Object> resolve(Map<String, Object> api, Map<String, Object> part) {
        return Optional.ofNullable(part.get("$ref"))
                .map(ref -> {
                    var found = api;
                    for (var step : ref.toString().substring(2).split("/", -1)) {
                        found = map(found, step);
                    }
                    return found;
                })
                .orElse(part);
    }

    private static Map<String, Object> map(Map<String, Object> of, String name) {
        return object(of.getOrDefault(name, Map.of()));
    }

    private static List<Object> list(Map<String, Object> of, String name) {
        return List.copyOf((List<?>) of.getOrDefault(name, List.of()));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object any) {
        return (Map<String, Object>) any;
    }
}
