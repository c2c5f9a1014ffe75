package dev.ncwrelay.testkit.kafka;

import dev.ncwrelay.testkit.server.Server;
import dev.ncwrelay.testkit.server.ServerContainer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;

/**
 * Kafka and the registry as containers, in the versions that the processes have. Loaded only when containers are chosen:
 * Testcontainers is on the class path of such runs alone.
 */
final class Containers {

    static final String BROKER_IMAGE = "apache/kafka:4.2.1";
    static final String REGISTRY_IMAGE = "apicurio/apicurio-registry:3.3.3";

    private static final int BROKER_PORT = 9092;
    private static final int REGISTRY_PORT = 8080;

    private Containers() {}

    /** The image's own command replaces the script of {@link KafkaContainer}, which does not pass on SIGTERM. */
    static Server broker(int port) {
        var container = new KafkaContainer(BROKER_IMAGE)
                .withCommand("/etc/kafka/docker/run")
                .withEnv("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://127.0.0.1:" + port + ",BROKER://localhost:9093")
                .withEnv(BrokerSettings.environment());
        return ServerContainer.published(container, port, BROKER_PORT, () -> Readiness.ofBroker(port));
    }

    static Server registry(int port) {
        var container = new GenericContainer<>(REGISTRY_IMAGE).waitingFor(Wait.forListeningPort());
        return ServerContainer.published(container, port, REGISTRY_PORT, () -> Readiness.ofRegistry(port));
    }
}
