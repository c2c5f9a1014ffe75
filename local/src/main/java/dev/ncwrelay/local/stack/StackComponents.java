package dev.ncwrelay.local.stack;

import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.local.layout.RunFolder;
import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.process.Component;
import dev.ncwrelay.local.process.Probe;
import dev.ncwrelay.local.secrets.Secrets;
import dev.ncwrelay.testkit.kafka.KafkaNode;
import dev.ncwrelay.testkit.simulator.SimulatorMain;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The processes of the stack: what each runs, and how it is configured. */
final class StackComponents {

    /** The workspace of Fireblocks' documented payloads, which the simulator's webhooks are based on. */
    private static final String SAMPLES_WORKSPACE = "b03cc88e-f4f3-5af4-8a3f-cdbeffd71db6";

    /** Where the development server of Fireblocks' web demo listens. */
    private static final String WEB_DEMO = "http://localhost:5173";

    private static final Duration GRACE = Duration.ofSeconds(30);

    /**
     * The maximum of rpc-service's setting for the grace of its calls, and the half minute that it needs in addition. The
     * command that stops it may have another environment than the one that started it.
     */
    private static final Duration SERVICE_GRACE = Duration.ofSeconds(330);

    private final Workspace workspace;
    private final RunFolder folder;
    private final Ports ports;
    private final boolean rabbitMq;

    /** @param rabbitMq whether events are forwarded to RabbitMQ */
    StackComponents(Workspace workspace, RunFolder folder, Ports ports, boolean rabbitMq) {
        this.workspace = workspace;
        this.folder = folder;
        this.ports = ports;
        this.rabbitMq = rabbitMq;
    }

    /** All but RabbitMQ, in start order. */
    List<Component> all() {
        var nodes = IntStream.rangeClosed(1, ports.deliveryNodes().size()).mapToObj(this::delivery);
        return Stream.of(Stream.of(kafka(), registry(), simulator(), ingress(), rpc()), nodes, Stream.of(channel()))
                .flatMap(parts -> parts)
                .toList();
    }

    private Component kafka() {
        var command = JavaCommand.command(
                "512m",
                "-Dlogback.configurationFile=local-logback.xml",
                "-cp",
                workspace.localClassPath(),
                KafkaNode.class.getName(),
                folder.data(Stack.KAFKA).toString(),
                Integer.toString(ports.kafka()),
                Integer.toString(ports.kafkaController()));
        return new Component(
                Stack.KAFKA,
                ports.kafka(),
                command,
                Map.of(),
                workspace.localJar(),
                Probe.kafka(bootstrapServers()),
                GRACE);
    }

    private Component registry() {
        var command = JavaCommand.command(
                "512m",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + ports.registry(),
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=" + ports.registryManagement(),
                // On disk, because the records on Kafka's disk refer to its ids.
                "-Dapicurio.storage.kind=sql",
                "-Dapicurio.storage.sql.kind=h2",
                "-Dapicurio.datasource.url=jdbc:h2:file:" + folder.data(Stack.REGISTRY),
                "-jar",
                workspace.registryHome().resolve("quarkus-run.jar").toString());
        return new Component(
                Stack.REGISTRY,
                ports.registry(),
                command,
                Map.of(),
                null,
                Probe.http("http://127.0.0.1:" + ports.registry() + "/apis/ccompat/v7/subjects"),
                GRACE);
    }

    private Component simulator() {
        var command = JavaCommand.command(
                "256m",
                "-cp",
                workspace.localClassPath(),
                SimulatorMain.class.getName(),
                "--port=" + ports.simulator(),
                "--webhook-target=http://127.0.0.1:" + ports.ingress() + "/webhooks/fireblocks",
                "--retry-scale=0.1",
                "--credentials=" + folder.secrets(),
                "--fcm-port=" + ports.fcm(),
                "--kafka=" + bootstrapServers(),
                "--registry=http://127.0.0.1:" + ports.registry());
        return new Component(
                Stack.SIMULATOR,
                ports.simulator(),
                command,
                // Not an option: with other nodes it is restarted.
                Map.of(
                        "SIMULATOR_DELIVERY",
                        ports.deliveryUrls().stream().map(URI::toString).collect(Collectors.joining(","))),
                workspace.localJar(),
                Probe.http("http://127.0.0.1:" + ports.simulator() + "/simulator/health"),
                GRACE);
    }

    private Component ingress() {
        return service(
                Stack.INGRESS,
                Stack.INGRESS,
                ports.ingress(),
                ports.ingressManagement(),
                Map.of(
                        "RELAY_INGRESS_VERIFY_JWKS_URL",
                        "http://127.0.0.1:" + ports.simulator() + "/.well-known/jwks.json",
                        "RELAY_INGRESS_WORKSPACES",
                        SAMPLES_WORKSPACE));
    }

    private Component rpc() {
        return service(
                Stack.RPC,
                Stack.RPC,
                ports.rpc(),
                ports.rpc(),
                Map.of(
                        "RELAY_RPC_FIREBLOCKS_BASE_URL", "http://127.0.0.1:" + ports.simulator(),
                        "RELAY_RPC_FIREBLOCKS_API_KEY_FILE",
                                folder.secrets().resolve(Secrets.API_KEY).toString(),
                        "RELAY_RPC_FIREBLOCKS_PRIVATE_KEY_FILE",
                                folder.secrets().resolve(Secrets.PRIVATE_KEY).toString()));
    }

    private Component delivery(int node) {
        var own = ports.deliveryNodes().get(node - 1);
        var settings = new TreeMap<>(users("RELAY_DELIVERY"));
        settings.put("RELAY_DELIVERY_PEER_PORT", Integer.toString(own.peer()));
        settings.put(
                "RELAY_DELIVERY_PEER_SECRET_FILE",
                folder.secrets().resolve(Secrets.PEER_SECRET).toString());
        settings.put(
                "RELAY_DELIVERY_MAILBOX_STATE_DIR",
                folder.data("mailbox-" + node).toString());
        settings.put("RELAY_DELIVERY_CHANNEL_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers());
        settings.put("RELAY_DELIVERY_CHANNEL_KAFKA_SECURITY_PROTOCOL", "PLAINTEXT");
        settings.put("RELAY_DELIVERY_CHANNEL_FCM_ENABLED", "true");
        // Any token of the simulator's issuer may register devices; the stack listens on 127.0.0.1 alone.
        settings.put("RELAY_DELIVERY_DEMO_API_ENABLED", "true");
        settings.put(
                "RELAY_DELIVERY_DEMO_API_WALLETS_URL", "http://127.0.0.1:" + ports.simulator() + "/simulator/wallets");
        // The simulator's page and the web demo call from the browser.
        settings.put(
                "RELAY_DELIVERY_AUTH_ALLOWED_ORIGINS",
                String.join(
                        ",",
                        "http://127.0.0.1:" + ports.simulator(),
                        "http://localhost:" + ports.simulator(),
                        WEB_DEMO));
        if (rabbitMq) {
            settings.put(
                    "RELAY_DELIVERY_CHANNEL_RABBITMQ_URL",
                    "amqp://127.0.0.1:" + ports.rabbitMq().amqp());
        }
        return service(Stack.DELIVERY, Stack.delivery(node), own.http(), own.management(), settings);
    }

    private Component channel() {
        var settings = new TreeMap<>(users("RELAY_CHANNEL"));
        settings.put("RELAY_CHANNEL_KAFKA_ENABLED", "true");
        // One broker without users.
        settings.put("RELAY_CHANNEL_KAFKA_REPLICATION_FACTOR", "1");
        settings.put("RELAY_CHANNEL_KAFKA_MIN_INSYNC_REPLICAS", "1");
        settings.put("RELAY_CHANNEL_KAFKA_ACLS", "false");
        settings.put("RELAY_CHANNEL_FCM_ENABLED", "true");
        settings.put("RELAY_CHANNEL_FCM_ENDPOINT", "http://127.0.0.1:" + ports.fcm());
        settings.put(
                "RELAY_CHANNEL_FCM_CREDENTIALS_FILE",
                folder.secrets().resolve(Secrets.FCM_ACCOUNT).toString());
        if (rabbitMq) {
            settings.put("RELAY_CHANNEL_RABBITMQ_ENABLED", "true");
            settings.put(
                    "SPRING_RABBITMQ_ADDRESSES", "127.0.0.1:" + ports.rabbitMq().amqp());
        }
        return service(Stack.CHANNEL, Stack.CHANNEL, ports.channel(), ports.channelManagement(), settings);
    }

    /** Settings of a service that checks users' tokens and signs cursors. */
    private Map<String, String> users(String prefix) {
        var issuer = "http://127.0.0.1:" + ports.simulator() + "/oidc";
        return Map.of(
                prefix + "_AUTH_ISSUER",
                issuer,
                prefix + "_AUTH_JWKS_URL",
                issuer + "/jwks.json",
                prefix + "_AUTH_AUDIENCE",
                "ncw-relay",
                prefix + "_CURSOR_KEY_FILE",
                folder.secrets().resolve(Secrets.CURSOR_KEY).toString());
    }

    private Component service(String service, String name, int port, int management, Map<String, String> settings) {
        var environment = new TreeMap<>(settings);
        environment.put("SERVER_PORT", Integer.toString(port));
        if (management != port) {
            environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(management));
        }
        environment.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers());
        environment.put("RELAY_KAFKA_DEVELOPMENT_BROKER", "true");
        environment.put("RELAY_KAFKA_PARTITIONS", Integer.toString(folder.partitions()));
        environment.put("RELAY_REGISTRY_URL", "http://127.0.0.1:" + ports.registry());
        var cache = AotCache.of(workspace, service);
        var command = cache.isCurrent()
                ? JavaCommand.command(
                        "512m",
                        "-XX:AOTCache=" + cache.cache(),
                        "-jar",
                        cache.jar().toString())
                : JavaCommand.command("512m", "-jar", cache.jar().toString());
        return new Component(
                name,
                port,
                command,
                environment,
                workspace.serviceJar(service),
                Probe.http("http://127.0.0.1:" + management + "/actuator/health/readiness"),
                SERVICE_GRACE);
    }

    private String bootstrapServers() {
        return "127.0.0.1:" + ports.kafka();
    }
}
