package dev.ncwrelay.testkit.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.LoggerFactory;

/**
 * One Kafka node that keeps its data in a folder: it is started again on the same folder with the same data. Node 1 is broker
 * and controller at once; the others of a cluster are brokers. {@link #main} runs the node as a separate process.
 */
public final class KafkaNode implements AutoCloseable {

    /** The only controller. */
    private static final int CONTROLLER_ID = 1;

    private final KafkaRaftServer server;

    private KafkaNode(KafkaRaftServer server) {
        this.server = server;
    }

    /** Starts a node on {@code port}, its controller on {@code controllerPort}, and returns when it is ready. */
    static KafkaNode start(Path data, int port, int controllerPort) {
        return start(
                data, port, controllerPort, CONTROLLER_ID, Uuid.randomUuid().toString());
    }

    /** Starts a node of a cluster whose controller, the node 1, is on {@code controllerPort}. */
    private static KafkaNode start(Path data, int port, int controllerPort, int id, String clusterId) {
        var own = "PLAINTEXT://127.0.0.1:" + port;
        var settings = new HashMap<>(Map.of(
                "listeners",
                own,
                "advertised.listeners",
                own,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "node.id",
                Integer.toString(id)));
        if (id == CONTROLLER_ID) {
            settings.put("listeners", own + ",CONTROLLER://127.0.0.1:" + controllerPort);
        } else {
            settings.put("process.roles", "broker");
        }
        return start(data, controllerPort, id, clusterId, settings);
    }

    /** Starts a node with these listeners, one of them CONTROLLER on {@code controllerPort}. */
    static KafkaNode start(Path data, int controllerPort, Map<String, ?> listeners) {
        return start(data, controllerPort, CONTROLLER_ID, Uuid.randomUuid().toString(), listeners);
    }

    private static KafkaNode start(Path data, int controllerPort, int id, String clusterId, Map<String, ?> settings) {
        format(data, id, clusterId);
        var config = new HashMap<String, Object>(config(data, controllerPort));
        config.putAll(settings);
        var server = new KafkaRaftServer(new KafkaConfig(config), Time.SYSTEM);
        server.startup();
        return new KafkaNode(server);
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    /**
     * Arguments: data folder, port, controller port; for a node of a cluster also its id, and the id of the cluster. Runs until
     * the process receives SIGTERM.
     */
    public static void main(String[] args) {
        if (args.length != 3 && args.length != 5) {
            throw new IllegalArgumentException(
                    "expected: <data folder> <port> <controller port> [<node id> <cluster id>]");
        }
        var data = Path.of(args[0]);
        var ports = List.of(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        var node = args.length == 3
                ? start(data, ports.getFirst(), ports.getLast())
                : start(data, ports.getFirst(), ports.getLast(), Integer.parseInt(args[3]), args[4]);
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
        LoggerFactory.getLogger(KafkaNode.class)
                .atInfo()
                .addKeyValue("port", args[1])
                .log("kafka serves");
        node.server.awaitShutdown();
    }

    private static void format(Path data, int id, String clusterId) {
        if (Files.exists(data.resolve("meta.properties"))) {
            return;
        }
        try {
            new Formatter()
                    .setNodeId(id)
                    .setClusterId(clusterId)
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

    /** The settings of any node here but its listeners; of the controller, if not overridden. */
    static Map<String, String> config(Path data, int controllerPort) {
        var config = new HashMap<String, String>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", Integer.toString(CONTROLLER_ID));
        config.put("log.dirs", data.toString());
        config.put("controller.listener.names", "CONTROLLER");
        config.put("controller.quorum.voters", CONTROLLER_ID + "@127.0.0.1:" + controllerPort);
        config.putAll(BrokerSettings.ALL);
        return config;
    }
}
