package dev.ncwrelay.testkit.rabbitmq;

import dev.ncwrelay.testkit.net.FreePort;
import dev.ncwrelay.testkit.server.Fixtures;
import dev.ncwrelay.testkit.server.Server;
import dev.ncwrelay.testkit.server.TemporaryFolder;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * RabbitMQ on loopback ports: as Debian packages it, with its data in a folder that is deleted with it, or in a container, as
 * {@link Fixtures} says. Users other than {@link RabbitMqNode#USER} are looked up with the HTTP authentication backend.
 */
public final class LocalRabbitMq implements Server {

    /** Set where a missing RabbitMQ must not be overlooked. */
    private static final String REQUIRED = "RELAY_RABBITMQ_REQUIRED";

    private final TemporaryFolder folder = TemporaryFolder.create("rabbitmq");
    private final RabbitMqNode node;
    private final RabbitMqServer server;

    private LocalRabbitMq(@Nullable URI authentication) {
        node = new RabbitMqNode(
                folder.path(), FreePort.next(), FreePort.next(), FreePort.next(), FreePort.next(), authentication);
        node.configure();
        server = switch (Fixtures.chosen()) {
            case EMBEDDED -> new RabbitMqProcess(node);
            case CONTAINERS -> new RabbitMqContainer(node);
        };
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-rabbitmq"));
    }

    /** True when RabbitMQ is installed here or runs in a container; fails where it must be. */
    public static boolean isInstalled() {
        if (Fixtures.chosen() == Fixtures.CONTAINERS) {
            return true;
        }
        if (!RabbitMqNode.isInstalled() && System.getenv(REQUIRED) != null) {
            throw new IllegalStateException("RabbitMQ is not installed: " + RabbitMqNode.missing());
        }
        return RabbitMqNode.isInstalled();
    }

    /**
     * Starts it.
     *
     * @param authentication where the HTTP backend asks; null for none
     */
    public static LocalRabbitMq start(@Nullable URI authentication) {
        var rabbit = new LocalRabbitMq(authentication);
        rabbit.restart();
        return rabbit;
    }

    public int port() {
        return node.port();
    }

    /** Of STOMP over WebSocket. */
    public int webStompPort() {
        return node.webStompPort();
    }

    /**
     * Begins or ends an alarm, in which it reads nothing from publishers: https://www.rabbitmq.com/docs/alarms. It is in force
     * seconds later.
     */
    public void setAlarm(boolean on) {
        if (server.control("rabbitmqctl", "set_vm_memory_high_watermark", on ? "0.00001" : "0.4") != 0) {
            throw new IllegalStateException("RabbitMQ accepts no watermark");
        }
    }

    @Override
    public void restart() {
        server.restart();
    }

    @Override
    public void stop() {
        server.stop();
    }

    /** Ends it as a power failure does. */
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
        folder.delete();
    }
}
