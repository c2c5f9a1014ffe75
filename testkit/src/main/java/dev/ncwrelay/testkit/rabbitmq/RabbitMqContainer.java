package dev.ncwrelay.testkit.rabbitmq;

import dev.ncwrelay.testkit.server.ServerContainer;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.MountableFile;

/**
 * RabbitMQ as a container with the network of the machine, because it asks a server of the test about its users. Loaded only
 * when containers are chosen: Testcontainers is on the class path of such runs alone.
 */
final class RabbitMqContainer implements RabbitMqServer {

    static final String IMAGE = "rabbitmq:4.1-management";

    private final ServerContainer server;

    RabbitMqContainer(RabbitMqNode node) {
        var container = new GenericContainer<>(IMAGE)
                .withCopyFileToContainer(
                        MountableFile.forHostPath(node.configurationFile()), "/etc/rabbitmq/rabbitmq.conf")
                .withCopyFileToContainer(MountableFile.forHostPath(node.pluginsFile()), "/etc/rabbitmq/enabled_plugins")
                .withEnv(node.environment());
        server = ServerContainer.onHostNetwork(container, node::accepts);
    }

    @Override
    public int control(String tool, String... arguments) {
        return server.run(Stream.concat(Stream.of(tool), Stream.of(arguments)).toArray(String[]::new));
    }

    @Override
    public void restart() {
        server.restart();
    }

    @Override
    public void stop() {
        server.stop();
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public void pause() {
        server.pause();
    }

    @Override
    public void resume() {
        server.resume();
    }

    @Override
    public void close() {
        server.close();
    }
}
