package dev.ncwrelay.testkit.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.LoggerFactory;

/**
 * One Kafka node, broker and controller at once, that keeps its data in a folder: it is started again
 * on the same folder with the same data. {@link #main} runs the node as a separate process.
 */
public final class KafkaNode implements AutoCloseable {

    private static final int NODE_ID = 1;

    private final KafkaRaftServer server;

    private KafkaNode(KafkaRaftServer server) {
        this.server = server;
    }

    /** Starts a node on {@code port}, its controller on {@code controllerPort}, and returns when it is ready. */
    static KafkaNode start(Path data, int port, int controllerPort) {
        return start(
                data,
                controllerPort,
                Map.of(
                        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                        "advertised.listeners", "PLAINTEXT://127.0.0.1:" + port,
                        "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"));
    }

    /** Starts a node with these listeners, one of them CONTROLLER on {@code controllerPort}. */
    static KafkaNode start(Path data, int controllerPort, Map<String, ?> listeners) {
        format(data);
        var config = new HashMap<String, Object>(config(data, controllerPort));
        config.putAll(listeners);
        var server = new KafkaRaftServer(new KafkaConfig(config), Time.SYSTEM);
        server.startup();
        return new KafkaNode(server);
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    /** Arguments: data folder, port, controller port. Runs until the process receives SIGTERM. */
    public static void main(String[] args) {
        if (args.length != 3) {
            throw new IllegalArgumentException("expected: <data folder> <port> <controller port>");
        }
        var node = start(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
        LoggerFactory.getLogger(KafkaNode.class)
                .atInfo()
                .addKeyValue("port", args[1])
                .log("kafka serves");
        node.server.awaitShutdown();
    }

    private static void format(Path data) {
        if (Files.exists(data.resolve("meta.properties"))) {
            return;
        }
        try {
            new Formatter()
                    .setNodeId(NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(data.toString())
                    .addDirectory(data.toString())
                    .setPrintStream(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()))
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("cannot format " + data, e);
        }
    }

    /** The settings of any node here but its listeners. */
    static Map<String, String> config(Path data, int controllerPort) {
        var config = new HashMap<String, String>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", Integer.toString(NODE_ID));
        config.put("log.dirs", data.toString());
        config.put("controller.listener.names", "CONTROLLER");
        config.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        config.putAll(BrokerSettings.ALL);
        return config;
    }
}
