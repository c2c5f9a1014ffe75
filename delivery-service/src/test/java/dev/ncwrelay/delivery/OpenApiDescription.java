package dev.ncwrelay.delivery;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Contact;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the code does not say of itself: what each operation is for, and what it answers. */
@Configuration(proxyBeanMethods = false)
class OpenApiDescription {

    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";
    private static final String NOTHING = "";

    /**
     * An operation.
     *
     * @param answers schema of its success, or nothing
     */
    private record Described(String tag, String summary, String status, String mediaType, String answers) {}

    private static final Map<String, Described> OPERATIONS = Map.ofEntries(
            Map.entry("PUT /v1/devices/{deviceId}", v1("Registers a device; 201 when it was not known", "200", "")),
            Map.entry(
                    "POST /v1/devices/{deviceId}/messages:poll",
                    v1("Acknowledges, then waits for messages", "200", "MessagePage")),
            Map.entry(
                    "GET /v1/devices/{deviceId}/messages",
                    v1("Waits for messages and changes nothing", "200", "MessagePage")),
            Map.entry(
                    "POST /v1/devices/{deviceId}/acks",
                    v1("Acknowledges up to a cursor, or single messages", "204", "")),
            Map.entry(
                    "POST /v1/devices/{deviceId}/rpc",
                    v1(
                            "Carries an SDK's message to Fireblocks; answers its bytes, or 202 if that is preferred",
                            "200",
                            "FireblocksAnswer")),
            Map.entry(
                    "GET /v1/devices/{deviceId}/rpc/{requestId}",
                    v1("The answer to an earlier call; 202 while there is none", "200", "FireblocksAnswer")),
            Map.entry(
                    "POST /v1/devices/{deviceId}/tickets",
                    v1("A ticket for a browser that cannot send headers", "200", "")),
            Map.entry(
                    "GET /v1/devices/{deviceId}/stream",
                    new Described(
                            "v1",
                            "Follows the messages as server-sent events",
                            "200",
                            "text/event-stream",
                            "EventStream")),
            Map.entry(
                    "POST /api/devices/{deviceId}/rpc",
                    v0("Carries an SDK's message to Fireblocks; answers its bytes", "FireblocksAnswer")),
            Map.entry("GET /api/devices/{deviceId}/messages", v0("Waits for device messages (SDK 7 and before)", "")),
            Map.entry(
                    "DELETE /api/devices/{deviceId}/messages/{id}",
                    v0("Deletes a device message that is done with", "")),
            Map.entry("GET /api/devices/{deviceId}/transactions", v0("Lists transactions, or waits for the first", "")),
            Map.entry("GET /api/devices/{deviceId}/transactions/{transactionId}", v0("One transaction", "")));

    record StreamMessage(
            String id,
            String cursor,
            String type,
            Instant createdAt,
            @Nullable String walletId,
            @Nullable String physicalDeviceId,
            Object data) {}

    record MessagePage(List<StreamMessage> messages, String next, boolean more, boolean caughtUp) {}

    record Problem(
            URI type,
            String title,
            int status,
            String detail,
            @Nullable String reason,
            @Nullable String earliest,
            @Nullable String code) {}

    @Bean
    OpenApiCustomizer description() {
        return api -> {
            api.info(new Info()
                            .title("NCW Relay: delivery-service")
                            .version("1")
                            .description(
                                    "Messages of Fireblocks' Non-Custodial Wallet for devices, and their RPC calls."
                                            + " The paths below /api are those of Fireblocks' demo backend. The WebSocket is"
                                            + " described in asyncapi.yaml.")
                            .contact(new Contact().name("NCW Relay"))
                            .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                    .servers(List.of(new Server().url("http://127.0.0.1:8080").description("./relay up")))
                    .tags(List.of(
                            new Tag().name("v1").description("The relay's own protocol"),
                            new Tag().name("v0").description("As Fireblocks' demo backend")))
                    .security(List.of(new SecurityRequirement().addList("token")));
            api.getComponents()
                    .addSecuritySchemes(
                            "token",
                            new SecurityScheme()
                                    .type(SecurityScheme.Type.HTTP)
                                    .scheme("bearer")
                                    .bearerFormat("JWT"));
            for (var described : List.of(MessagePage.class, Problem.class)) {
                ModelConverters.getInstance().readAll(described).forEach(api.getComponents()::addSchemas);
            }
            api.getComponents()
                    .addSchemas("FireblocksAnswer", new Schema<>().description("Fireblocks' bytes, untouched"))
                    .addSchemas(
                            "EventStream",
                            new Schema<String>()
                                    .type("string")
                                    .description(
                                            "Events message, caught_up, reset, reconnect and superseded; ids are cursors"));
            describe(api);
        };
    }

    private static void describe(OpenAPI api) {
        // Every GET takes a HEAD.
        api.getPaths().values().forEach(item -> item.setHead(null));
        api.getPaths()
                .forEach((path, item) -> item.readOperationsMap().forEach((method, operation) -> {
                    var key = method + " " + path;
                    var described = Optional.ofNullable(OPERATIONS.get(key))
                            .orElseThrow(() -> new IllegalStateException(key + " is not described"));
                    describe(operation, described, key);
                }));
    }

    private static void describe(Operation operation, Described described, String key) {
        var generated = Optional.ofNullable(operation.getResponses().get("200"))
                .map(ApiResponse::getContent)
                .orElse(null);
        var success = new ApiResponse().description("Done");
        if (!described.answers().isEmpty()) {
            success.content(content(described.mediaType(), new Schema<>().$ref(described.answers())));
        } else if (generated != null && !described.status().equals("204")) {
            success.content(content(
                    described.mediaType(), generated.values().iterator().next().getSchema()));
        }
        operation
                .tags(List.of(described.tag()))
                .summary(described.summary())
                .description(described.summary() + ".")
                .operationId(key.replaceAll("[^A-Za-z]+", "_").replaceAll("_$", ""))
                .responses(new ApiResponses()
                        .addApiResponse(described.status(), success)
                        .addApiResponse(
                                "default",
                                new ApiResponse()
                                        .description("What was expected instead")
                                        .content(content(PROBLEM, new Schema<>().$ref("Problem")))));
    }

    private static Content content(String type, Schema<?> schema) {
        return new Content().addMediaType(type, new MediaType().schema(schema));
    }

    private static Described v1(String summary, String status, String answers) {
        return new Described("v1", summary, status, JSON, answers);
    }

    private static Described v0(String summary, String answers) {
        return new Described("v0", summary, "200", JSON, answers.isEmpty() ? NOTHING : answers);
    }
}
