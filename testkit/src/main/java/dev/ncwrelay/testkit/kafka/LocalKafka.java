package dev.ncwrelay.testkit.kafka;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.topic.TopicProvisioning;
import dev.ncwrelay.testkit.net.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** A broker in this JVM with the relay's topics on it, which a test may stop and start again with its data kept. */
public final class LocalKafka implements AutoCloseable {

    /** Partitions of every topic here, the default of the services too. */
    public static final int PARTITIONS = 12;

    private final Path data;
    private final int port = FreePort.next();
    private final int controllerPort = FreePort.next();
    private final @Nullable TlsIdentity tls;
    private @Nullable KafkaNode node;

    private LocalKafka(Path data, @Nullable TlsIdentity tls) {
        this.data = data;
        this.tls = tls;
    }

    /** Starts a broker on a free port with empty topics. */
    public static LocalKafka start() {
        return start(null);
    }

    /** The same with TLS, for clients with this identity only. */
    public static LocalKafka start(@Nullable TlsIdentity tls) {
        KafkaUse.check();
        try {
            var kafka = new LocalKafka(Files.createTempDirectory("relay-kafka"), tls);
            kafka.restart();
            kafka.createTopics();
            return kafka;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Consumers use short fetches, because closing one waits for its last fetch. */
    public KafkaConnection connection() {
        var properties = new HashMap<>(Map.of("fetch.max.wait.ms", "50"));
        if (tls != null) {
            properties.put("security.protocol", "SSL");
            properties.putAll(tls.properties());
        }
        return KafkaConnection.toDevelopmentBroker(bootstrapServers(), PARTITIONS, properties);
    }

    /** Stops the broker; connections are refused then. */
    public synchronized void stop() {
        if (node != null) {
            node.close();
            node = null;
        }
    }

    /** Starts the broker again on the same port with the same data. */
    public synchronized void restart() {
        if (node == null) {
            node = KafkaNode.start(data, port, controllerPort, tls);
        }
    }

    @Override
    public void close() {
        stop();
        try (var files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
