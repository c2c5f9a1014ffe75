package dev.ncwrelay.ops.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** How to connect to Kafka: the same options for every command. */
final class KafkaOptions {

    @Option(
            names = "--bootstrap-servers",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:SPRING_KAFKA_BOOTSTRAP_SERVERS:-127.0.0.1:9092}",
            description = "Kafka's addresses (SPRING_KAFKA_BOOTSTRAP_SERVERS); default ${DEFAULT-VALUE}")
    private String bootstrapServers = "";

    @Option(
            names = "--config",
            scope = ScopeType.INHERIT,
            paramLabel = "<file>",
            description = "properties for the Kafka clients: TLS, SASL")
    private @Nullable Path config;

    String bootstrapServers() {
        return bootstrapServers;
    }

    /** The settings in the file of {@code --config}, for all clients, as Kafka's own tools take them; none without it. */
    Map<String, String> properties() {
        return PropertiesFile.read("--config", config);
    }
}
