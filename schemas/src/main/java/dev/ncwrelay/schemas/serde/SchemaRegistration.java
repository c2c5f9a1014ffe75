package dev.ncwrelay.schemas.serde;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import java.io.IOException;
import java.util.Map;

/**
 * Registers all committed schema versions in order, with the Confluent-compatible API that all registries have, and sets
 * the compatibility of each subject to FULL_TRANSITIVE. Idempotent.
 */
public final class SchemaRegistration {

    private final ObjectMapper json = new ObjectMapper();
    private final RegistryConnection connection;

    public SchemaRegistration(RegistryConnection connection) {
        this.connection = connection;
    }

    /**
     * Registers the schemas of all topics.
     *
     * @throws IOException when the registry is unreachable or rejects a schema
     */
    public void register() throws IOException, InterruptedException {
        try (var registry = new RegistryClient(connection)) {
            for (var topic : Topics.all()) {
                register(registry, topic);
            }
        }
    }

    private void register(RegistryClient registry, Topic<?> topic) throws IOException, InterruptedException {
        var history = SchemaHistory.of(topic.recordType().getSimpleName());
        for (var schema : history.versions()) {
            var body = json.writeValueAsString(Map.of("schemaType", "AVRO", "schema", schema));
            registry.send("POST", "/subjects/" + topic.subject() + "/versions", body);
        }
        registry.send("PUT", "/config/" + topic.subject(), "{\"compatibility\":\"FULL_TRANSITIVE\"}");
    }
}
