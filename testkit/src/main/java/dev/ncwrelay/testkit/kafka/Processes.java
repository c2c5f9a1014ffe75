package dev.ncwrelay.testkit.kafka;

import dev.ncwrelay.testkit.net.FreePort;
import dev.ncwrelay.testkit.server.Server;
import dev.ncwrelay.testkit.server.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Kafka and the registry as processes beside the test's JVM. */
final class Processes {

    private Processes() {}

    static Server broker(int port) {
        return new ServerProcess(
                "kafka",
                data -> java(
                        "-cp",
                        System.getProperty("java.class.path"),
                        KafkaNode.class.getName(),
                        data.toString(),
                        Integer.toString(port),
                        Integer.toString(FreePort.next())),
                () -> Readiness.ofBroker(port));
    }

    /** A broker of a cluster; the one with the id 1 is its controller, too. */
    static Server broker(int port, int controllerPort, int id, String clusterId) {
        return new ServerProcess(
                "kafka-" + id,
                data -> java(
                        "-cp",
                        System.getProperty("java.class.path"),
                        KafkaNode.class.getName(),
                        data.toString(),
                        Integer.toString(port),
                        Integer.toString(controllerPort),
                        Integer.toString(id),
                        clusterId),
                () -> Readiness.ofBroker(port, id));
    }

    static Server registry(int port) {
        return new ServerProcess(
                "registry",
                _ -> java(
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-Dquarkus.management.host=127.0.0.1",
                        "-Dquarkus.management.port=" + FreePort.next(),
                        "-jar",
                        registryHome().resolve("quarkus-run.jar").toString()),
                () -> Readiness.ofRegistry(port));
    }

    /** With options for a start that costs little: the verification of the libraries' classes is a tenth of it. */
    private static List<String> java(String... arguments) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var options = Stream.of(
                java,
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-BytecodeVerificationRemote");
        return Stream.concat(options, Stream.of(arguments)).toList();
    }

    /** The folder that the build unpacks the registry to: {@code testkit/target/schema-registry} below {@code relay.root}. */
    private static Path registryHome() {
        var root = System.getProperty("relay.root", "..");
        return Path.of(root, "testkit", "target", "schema-registry").toAbsolutePath();
    }
}
