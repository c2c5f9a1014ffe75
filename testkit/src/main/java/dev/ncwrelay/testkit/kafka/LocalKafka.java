package dev.ncwrelay.testkit.kafka;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.topic.TopicProvisioning;
import dev.ncwrelay.testkit.net.FreePort;
import dev.ncwrelay.testkit.server.Fixtures;
import dev.ncwrelay.testkit.server.Server;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/**
 * A broker with the relay's topics on it, which a test may stop and start again with its data kept. It runs in what {@link
 * Fixtures} says.
 */
public final class LocalKafka implements Server {

    /** Partitions of every topic here, the default of the services too. */
    public static final int PARTITIONS = 12;

    private final int port;
    private final Server broker;

    private LocalKafka(int port, Server broker) {
        this.port = port;
        this.broker = broker;
    }

    /** Starts a broker on a free port with empty topics: in this JVM or in a container. */
    public static LocalKafka start() {
        KafkaUse.check();
        int port = FreePort.next();
        var broker = switch (Fixtures.chosen()) {
            case EMBEDDED -> new EmbeddedBroker(port);
            case CONTAINERS -> Containers.broker(port);
        };
        return start(new LocalKafka(port, broker));
    }

    /** Starts a broker that a test may also {@link #pause}: as a process or in a container. */
    public static LocalKafka startPausable() {
        return startPausable(FreePort.next());
    }

    /** The same on this port. */
    public static LocalKafka startPausable(int port) {
        KafkaUse.check();
        var broker = switch (Fixtures.chosen()) {
            case EMBEDDED -> Processes.broker(port);
            case CONTAINERS -> Containers.broker(port);
        };
        return start(new LocalKafka(port, broker));
    }

    private static LocalKafka start(LocalKafka kafka) {
        kafka.restart();
        kafka.createTopics();
        return kafka;
    }

    public int port() {
        return port;
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Consumers use short fetches, because closing one waits for its last fetch. */
    public KafkaConnection connection() {
        return KafkaConnection.toDevelopmentBroker(bootstrapServers(), PARTITIONS, Map.of("fetch.max.wait.ms", "50"));
    }

    /** Stops the broker; connections are refused then. */
    @Override
    public void stop() {
        broker.stop();
    }

    /** Starts the broker again on the same port with the same data. */
    @Override
    public void restart() {
        broker.restart();
    }

    /** Kills the broker. For one that was started pausable. */
    @Override
    public void kill() {
        broker.kill();
    }

    /** Halts the broker: connections stay open, and no request is answered. For one that was started pausable. */
    @Override
    public void pause() {
        broker.pause();
    }

    @Override
    public void resume() {
        broker.resume();
    }

    @Override
    public void close() {
        broker.close();
    }

    private void createTopics() {
        try (var admin = Admin.create(connection().admin("testkit"))) {
            TopicProvisioning.create(admin, connection());
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot create the topics", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
