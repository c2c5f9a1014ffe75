package dev.ncwrelay.ingress.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The committed API description. */
public final class ApiDescription {

    private final JsonNode document;

    private ApiDescription(JsonNode document) {
        this.document = document;
    }

    public static ApiDescription read() {
        try {
            var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
            return new ApiDescription(
                    JsonMapper.builder().build().valueToTree(yaml.load(Files.readString(Path.of("openapi.yaml")))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text() {
        return document.toString();
    }

    List<String> paths() {
        return List.copyOf(document.path("paths").propertyNames());
    }

    /** The problem types of each status, by the examples of the answers to POST. */
    public Map<Integer, List<String>> problems(String path) {
        var problems = new TreeMap<Integer, List<String>>();
        for (var answer :
                document.path("paths").path(path).path("post").path("responses").properties()) {
            var types = examples(resolve(answer.getValue()), "application/problem+json")
                    .map(example -> example.path("type").asString())
                    .toList();
            if (!types.isEmpty()) {
                problems.put(Integer.valueOf(answer.getKey()), types);
            }
        }
        return problems;
    }

    /** The examples of problems, with the status under which each stands. */
    Map<JsonNode, Integer> problemExamples(String path) {
        var examples = new LinkedHashMap<JsonNode, Integer>();
        for (var answer :
                document.path("paths").path(path).path("post").path("responses").properties()) {
            examples(resolve(answer.getValue()), "application/problem+json")
                    .forEach(example -> examples.put(example, Integer.valueOf(answer.getKey())));
        }
        return examples;
    }

    /** The examples of webhooks. */
    public List<JsonNode> webhooks(String path) {
        var body = resolve(document.path("paths").path(path).path("post").path("requestBody"));
        return examples(body, "application/json").toList();
    }

    private static Stream<JsonNode> examples(JsonNode holder, String mediaType) {
        var content = holder.path("content").path(mediaType);
        return content.has("example")
                ? Stream.of(content.get("example"))
                : content.path("examples").values().stream().map(example -> example.path("value"));
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asString().substring(1)) : node;
    }
}
