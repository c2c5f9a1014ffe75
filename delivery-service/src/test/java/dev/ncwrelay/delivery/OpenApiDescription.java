package dev.ncwrelay.delivery;

import dev.ncwrelay.devices.RegisteredDevice;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Contact;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.PathParameter;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Completes the description that springdoc generates from the code. */
@Configuration(proxyBeanMethods = false)
class OpenApiDescription {

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(RegisteredDevice.class);
    }

    private static final Pattern UNRELAYED =
            Pattern.compile("/api/devices/[^/]*/((accounts|nfts|web3)/.*|transactions/[^/]*/cancel)");

    private static final String DEVICE_ID = "deviceId";

    /** Members of any Java type that are objects. */
    private static final Set<String> OBJECTS = Set.of("details", "connection");

    /** Members that a response always has, and those a request must have. */
    private static final Map<String, List<String>> REQUIRED = Map.ofEntries(
            Map.entry("MessagePage", List.of("messages", "next", "more", "caughtUp")),
            Map.entry("StreamMessage", List.of("id", "cursor", "type", "createdAt", "data")),
            Map.entry("Problem", List.of("type", "title", "status", "detail")),
            Map.entry("Message", List.of("id", "message")),
            Map.entry("Listed", List.of("id", "status", "createdAt", "lastUpdated")),
            Map.entry("Single", List.of("id", "status", "createdAt", "lastUpdated", "details")),
            Map.entry("DeviceResponse", List.of("deviceId", "walletId", "userId", "registeredAt", "updatedAt")),
            Map.entry("ChannelList", List.of("channels")),
            Map.entry("ChannelResponse", List.of("kind", "state", "since", "subscribedAt", "connection")),
            Map.entry("FcmBody", List.of("token", "platform")),
            Map.entry("Registration", List.of("walletId", "userId")),
            Map.entry("RpcBody", List.of("message")),
            Map.entry("LoginResponse", List.of("id")),
            Map.entry("DemoDevices", List.of("devices")),
            Map.entry("DemoDevice", List.of("deviceId", "walletId", "createdAt")),
            Map.entry("DeviceWallet", List.of("walletId")),
            Map.entry("JoinBody", List.of("walletId")),
            Map.entry("DemoWallets", List.of("wallets")),
            Map.entry("DemoWallet", List.of("walletId")),
            Map.entry("LatestBackup", List.of("passphraseId", "location", "createdAt", "deviceId")),
            Map.entry("ListedPassphrases", List.of("passphrases")),
            Map.entry("ListedPassphrase", List.of("passphraseId", "location", "createdAt")),
            Map.entry("PassphraseLocation", List.of("location")),
            Map.entry("PassphraseId", List.of("passphraseId")),
            Map.entry("PassphraseBody", List.of("location")),
            Map.entry("Ticket", List.of("ticket", "expiresAt")));

    record StreamMessage(
            String id,
            String cursor,
            String type,
            Instant createdAt,
            @Nullable String walletId,
            @Nullable String physicalDeviceId,
            Object data) {}

    record MessagePage(List<StreamMessage> messages, String next, boolean more, boolean caughtUp) {}

    record FcmBody(
            String token,
            String platform,
            @Nullable String physicalDeviceId,
            @Nullable String consumer) {}

    record Pending(String requestId, String status) {}

    record Problem(
            URI type,
            String title,
            int status,
            String detail,
            @Nullable String reason,
            @Nullable String earliest,
            @Nullable String code,
            @Nullable String error) {}

    @Bean
    OpenApiCustomizer description() {
        return api -> {
            describeApi(api);
            var components = api.getComponents();
            for (var described : List.of(MessagePage.class, FcmBody.class, Pending.class, Problem.class)) {
                ModelConverters.getInstance().readAll(described).forEach(components::addSchemas);
            }
            components
                    .addSchemas("FireblocksAnswer", new Schema<>().description("The unchanged response of Fireblocks."))
                    .addSchemas(
                            "NoSettings",
                            new ObjectSchema()
                                    .description("rabbitmq and kafka: no member.")
                                    .maxProperties(0))
                    .addSchemas("Deleted", new ObjectSchema().description("An empty object."))
                    .addSchemas(
                            "EventStream",
                            new StringSchema()
                                    .description(
                                            "Events message, caught_up, reset, reconnect, superseded and forbidden;"
                                                    + " the id of a message is its cursor."));
            describeSchemas(components);
            var operations = new OpenApiOperations(components);
            // Always 501, as the description says.
            api.getPaths().keySet().removeIf(path -> UNRELAYED.matcher(path).matches());
            Objects.requireNonNull(api.getPaths().get("/api/devices/{deviceId}/transactions"))
                    .setPost(null);
            // Every GET mapping accepts HEAD.
            api.getPaths().values().forEach(item -> item.setHead(null));
            api.getPaths()
                    .forEach((path, item) -> item.readOperationsMap().forEach((method, operation) -> {
                        addDeviceId(path, operation);
                        operations.describe(operation, described(method + " " + path));
                    }));
        };
    }

    /** Springdoc does not know that an {@code @OwnDevice} parameter is read from the path. */
    private static void addDeviceId(String path, Operation operation) {
        var parameters = new ArrayList<Parameter>();
        if (operation.getParameters() != null) {
            parameters.addAll(operation.getParameters());
        }
        boolean isDescribed =
                parameters.stream().anyMatch(parameter -> parameter.getName().equals(DEVICE_ID));
        if (path.contains("{" + DEVICE_ID + "}") && !isDescribed) {
            var text = new StringSchema();
            text.addType("string");
            parameters.addFirst(new PathParameter().name(DEVICE_ID).schema(text));
            operation.setParameters(parameters);
        }
    }

    private static void describeApi(OpenAPI api) {
        api.info(new Info()
                        .title("NCW Relay: delivery-service")
                        .version("1")
                        .description(
                                "Messages of Fireblocks' Non-Custodial Wallet for devices, and their RPC calls. The"
                                        + " paths below /api are those of Fireblocks' demo backend; its accounts, assets, NFTs,"
                                        + " Web3 connections and new transactions are not served: with"
                                        + " relay.delivery.demo-api.enabled they are 501. The WebSocket is described"
                                        + " in asyncapi.yaml. Every response is JSON, whatever Accept says.")
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
                                .bearerFormat("JWT")
                                .description("A token of the configured issuer whose subject is the device's user."));
        api.getComponents()
                .addSecuritySchemes(
                        "ticket",
                        new SecurityScheme()
                                .type(SecurityScheme.Type.APIKEY)
                                .in(SecurityScheme.In.QUERY)
                                .name("ticket")
                                .description("A ticket for a browser that cannot send headers."));
    }

    // The model names its own generic type without a parameter.
    @SuppressWarnings({"rawtypes", "unchecked"})
    private static void describeSchemas(Components components) {
        // Details are any JSON; the Java type is not part of the API.
        components.getSchemas().remove("JsonNode");
        components.getSchemas().forEach((name, schema) -> {
            if (schema.getProperties() == null) {
                return;
            }
            schema.addType("object");
            Map<String, Schema> members = schema.getProperties();
            members.replaceAll((member, of) -> isAnyJson(of) || OBJECTS.contains(member) ? new ObjectSchema() : of);
            members.forEach(
                    (member, of) -> DescribedMember.of(name, member).ifPresent(described -> described.describe(of)));
            schema.setRequired(REQUIRED.get(name));
        });
    }

    private static boolean isAnyJson(Schema<?> member) {
        return member.get$ref() != null && member.get$ref().endsWith("/JsonNode");
    }

    private static DescribedOperation described(String key) {
        return DescribedOperation.ALL.stream()
                .filter(operation -> operation.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(key + " is not described"));
    }
}
