package dev.ncwrelay.ops.cli;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.topic.TopicCheck;
import dev.ncwrelay.kafka.topic.TopicProvisioning;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import dev.ncwrelay.schemas.serde.SchemaRegistration;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Creates the topics that are missing, with their policies, and registers all committed schemas. What exists is not
 * changed, but checked as a service checks it at its start.
 */
@Command(
        name = "provision",
        description = "Creates missing topics, registers the schemas, and checks the topics.",
        mixinStandardHelpOptions = true)
final class ProvisionCommand implements Callable<Integer> {

    private final PrintWriter out;

    @Mixin
    private KafkaOptions kafkaOptions = new KafkaOptions();

    @Option(
            names = "--registry",
            defaultValue = "${env:RELAY_REGISTRY_URL:-http://127.0.0.1:8085}",
            description = "the schema registry (RELAY_REGISTRY_URL); default ${DEFAULT-VALUE}")
    private URI registry = URI.create("");

    @Option(
            names = "--registry-config",
            paramLabel = "<file>",
            description =
                    "properties for the registry, as relay.registry.properties of a service: credentials, trust store")
    private @Nullable Path registryConfig;

    @Option(
            names = "--partitions",
            defaultValue = "${env:RELAY_KAFKA_PARTITIONS:-12}",
            description = "of every topic, for ever (RELAY_KAFKA_PARTITIONS); default ${DEFAULT-VALUE}")
    private int partitions;

    @Option(
            names = "--development-broker",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "${env:RELAY_KAFKA_DEVELOPMENT_BROKER:-false}",
            description = "one replica of everything, which may lose data (RELAY_KAFKA_DEVELOPMENT_BROKER)")
    private boolean developmentBroker;

    ProvisionCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        var bootstrapServers = kafkaOptions.bootstrapServers();
        var properties = kafkaOptions.properties();
        var kafka = developmentBroker
                ? KafkaConnection.toDevelopmentBroker(bootstrapServers, partitions, properties)
                : KafkaConnection.to(bootstrapServers, partitions, properties);
        var schemas = new SchemaRegistration(
                RegistryConnection.at(registry, PropertiesFile.read("--registry-config", registryConfig)));
        try (var admin = Admin.create(kafka.admin("provision"))) {
            TopicProvisioning.create(admin, kafka);
            schemas.register();
            return report(TopicProvisioning.check(admin, kafka));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (IOException e) {
            throw new NoSuchElementException("schema registry: " + e.getMessage(), e);
        }
    }

    private int report(TopicCheck check) {
        return switch (check) {
            case TopicCheck.Matching() -> done("as required");
            case TopicCheck.Undurable(var faults) -> {
                if (developmentBroker) {
                    yield done("but may lose data, as on any development broker: " + faults.size() + " settings");
                }
                yield failed("may lose data: " + String.join("; ", faults));
            }
            case TopicCheck.Missing(var topics) -> failed("topics are missing: " + String.join(", ", topics));
            case TopicCheck.Mismatched(var reason) -> failed(reason);
        };
    }

    private int done(String how) {
        out.println("Topics and schemas are there, " + how);
        return 0;
    }

    private int failed(String reason) {
        out.println(reason);
        return 1;
    }
}
