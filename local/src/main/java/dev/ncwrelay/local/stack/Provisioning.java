package dev.ncwrelay.local.stack;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.topic.TopicProvisioning;
import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import dev.ncwrelay.schemas.serde.SchemaRegistration;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** Creates the topics and registers the schemas, as an operator does in production. */
public final class Provisioning {

    private Provisioning() {}

    /**
     * Does both; what exists stays as it is.
     *
     * @param partitions of each topic
     * @throws StackFailedException when the broker or the registry refuses
     */
    public static void run(Ports ports, int partitions) throws InterruptedException {
        var kafka = KafkaConnection.toDevelopmentBroker("127.0.0.1:" + ports.kafka(), partitions, Map.of());
        try (var admin = Admin.create(kafka.admin("provision"))) {
            TopicProvisioning.create(admin, kafka);
            new SchemaRegistration(RegistryConnection.at(URI.create("http://127.0.0.1:" + ports.registry())))
                    .register();
        } catch (ExecutionException e) {
            throw new StackFailedException("the broker rejected the topics: " + e.getCause(), e);
        } catch (IOException e) {
            throw new StackFailedException("the schema registry rejected the schemas: " + e.getMessage(), e);
        }
    }
}
