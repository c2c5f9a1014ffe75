package dev.ncwrelay.delivery;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.NumberSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Describes operations: their parameters, bodies, responses and problems. Operations share problem responses. */
final class OpenApiOperations {

    private static final String JSON = "application/json";

    /** When a request line is too long, its path is unknown. */
    static final int UNKNOWN_PATH = 414;

    private final Components components;

    OpenApiOperations(Components components) {
        this.components = components;
    }

    void describe(Operation operation, DescribedOperation described) {
        operation
                .tags(List.of(described.isV0() ? "v0" : "v1"))
                .operationId(described.id())
                .summary(described.summary())
                .description(described.description());
        if (described.problems().contains("bad-ticket")) {
            operation.addParametersItem(
                    new Parameter().in("query").name("ticket").schema(new StringSchema()));
            operation.security(
                    List.of(new SecurityRequirement().addList("token"), new SecurityRequirement().addList("ticket")));
        }
        Optional.ofNullable(operation.getParameters()).orElse(List.of()).forEach(OpenApiOperations::describe);
        if (operation.getRequestBody() != null) {
            operation.getRequestBody().getContent().values().forEach(content -> describeBody(content, described));
        }
        var responses = new ApiResponses();
        new TreeMap<>(described.answers())
                .forEach((status, answer) -> responses.addApiResponse(Integer.toString(status), success(answer)));
        described.allProblems().stream()
                .collect(Collectors.groupingBy(DescribedProblem::status, TreeMap::new, Collectors.toList()))
                .forEach((status, problems) -> responses.addApiResponse(
                        Integer.toString(status),
                        new ApiResponse().$ref(failure(problems, described.isV0() && status != UNKNOWN_PATH))));
        operation.responses(responses);
    }

    private static void describeBody(MediaType content, DescribedOperation described) {
        content.setExample(value(described.request()));
        if (described.id().equals("subscribeChannel")) {
            // Its members depend on the kind.
            content.setSchema(oneOf("NoSettings", "FcmBody"));
        }
    }

    private static Schema<?> oneOf(String... names) {
        var any = new Schema<>();
        for (var name : names) {
            any.addOneOfItem(new Schema<>().$ref(name));
        }
        return any;
    }

    private static void describe(Parameter parameter) {
        var member = DescribedMember.of("?", parameter.getName())
                .orElseThrow(() -> new IllegalStateException(parameter.getName() + " is not described"));
        // Parameters of one type share their schema.
        var schema = copy(parameter.getSchema());
        member.describe(schema);
        schema.setDescription(null);
        parameter.schema(schema).description(member.description());
        if (!(schema instanceof ArraySchema)) {
            parameter.example(member.example());
        }
    }

    private static Schema<?> copy(Schema<?> shared) {
        var copy = switch (DescribedMember.typeOf(shared)) {
            case "integer" -> new IntegerSchema().format(shared.getFormat());
            case "number" -> new NumberSchema();
            case "array" -> new ArraySchema().items(new StringSchema());
            default -> new StringSchema();
        };
        if (shared.getDefault() != null) {
            copy.setDefault(shared.getDefault());
        }
        return copy;
    }

    private static ApiResponse success(DescribedOperation.Answer answer) {
        var response = new ApiResponse().description(answer.description());
        if (answer.schema().isEmpty()) {
            return response;
        }
        var name = answer.schema().replace("[]", "");
        Schema<?> one = name.contains("|") ? oneOf(name.split("\\|", -1)) : new Schema<>().$ref(name);
        var content = new MediaType().schema(answer.schema().endsWith("[]") ? new ArraySchema().items(one) : one);
        if (!answer.example().isEmpty()) {
            content.setExample(value(answer.example()));
        }
        if (name.equals("Pending")) {
            response.addHeaderObject("Location", header("Where the answer will be.", new StringSchema()));
        }
        if (answer.mayBeEmpty()) {
            response.addHeaderObject(
                    "Retry-After",
                    header(
                            "On an empty answer while the node stops: seconds to wait before the next request.",
                            new IntegerSchema()));
        }
        return response.content(
                new Content().addMediaType(name.equals("EventStream") ? "text/event-stream" : JSON, content));
    }

    /** The name of the shared response with these problems. */
    @SuppressWarnings("unchecked")
    private String failure(List<DescribedProblem> problems, boolean isV0) {
        var name = problems.stream().map(problem -> camel(problem.type())).collect(Collectors.joining("Or"))
                + problems.getFirst().status()
                + (isV0 ? "V0" : "");
        if (components.getResponses() != null && components.getResponses().containsKey(name)) {
            return name;
        }
        var types = new StringSchema();
        types.setEnum(problems.stream().map(DescribedProblem::uri).toList());
        var schema = new Schema<>()
                .allOf(List.of(new Schema<>().$ref("Problem"), new ObjectSchema().properties(Map.of("type", types))));
        var content = new MediaType().schema(schema);
        problems.forEach(problem -> content.addExamples(problem.type(), new Example().value(example(problem, isV0))));
        var response = new ApiResponse()
                .description(problems.stream().map(DescribedProblem::title).collect(Collectors.joining("; ")))
                .content(new Content().addMediaType(isV0 ? JSON : "application/problem+json", content));
        switch (problems.getFirst().status()) {
            case 401 ->
                response.addHeaderObject("WWW-Authenticate", header("RFC 6750.", new StringSchema().example("Bearer")));
            case 429, 503 ->
                response.addHeaderObject(
                        "Retry-After", header("Seconds to wait before the next request.", new IntegerSchema()));
            default -> {}
        }
        components.addResponses(name, response);
        return name;
    }

    private static Map<String, Object> example(DescribedProblem problem, boolean isV0) {
        var example = new LinkedHashMap<String, Object>();
        example.put("type", problem.uri());
        example.put("title", problem.title());
        example.put("status", problem.status());
        example.put("detail", problem.detail());
        if (isV0) {
            example.put("error", problem.detail());
        }
        return example;
    }

    private static Header header(String description, Schema<?> schema) {
        return new Header().description(description).schema(schema);
    }

    private static String camel(String type) {
        return Arrays.stream(type.split("-", -1))
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining());
    }

    private static Object value(String json) {
        return JsonMapper.shared().readValue(json, Object.class);
    }
}
