package dev.ncwrelay.schemas.serde;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/**
 * Registers all committed schema versions in order, with the Confluent-compatible API that all registries have, and sets
 * the compatibility of each subject to FULL_TRANSITIVE. Idempotent.
 */
public final class SchemaRegistration {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int OK = 200;

    private final ObjectMapper json = new ObjectMapper();
    private final String registry;

    public SchemaRegistration(RegistryConnection connection) {
        this.registry = connection.confluentUrl();
    }

    /**
     * Registers the schemas of all topics.
     *
     * @throws IOException when the registry is unreachable or rejects a schema
     */
    public void register() throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            for (var topic : Topics.all()) {
                register(http, topic);
            }
        }
    }

    private void register(HttpClient http, Topic<?> topic) throws IOException, InterruptedException {
        var history = SchemaHistory.of(topic.recordType().getSimpleName());
        for (var schema : history.versions()) {
            var body = json.writeValueAsString(Map.of("schemaType", "AVRO", "schema", schema));
            send(http, "POST", "/subjects/" + topic.subject() + "/versions", body);
        }
        send(http, "PUT", "/config/" + topic.subject(), "{\"compatibility\":\"FULL_TRANSITIVE\"}");
    }

    private void send(HttpClient http, String method, String path, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(registry + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        var response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() != OK) {
            throw new IOException("the schema registry answered " + response.statusCode() + " to " + method + " " + path
                    + ": " + response.body());
        }
    }
}
