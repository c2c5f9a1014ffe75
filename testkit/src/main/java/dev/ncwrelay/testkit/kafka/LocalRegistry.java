package dev.ncwrelay.testkit.kafka;

import dev.ncwrelay.schemas.serde.RegistryConnection;
import dev.ncwrelay.schemas.serde.SchemaRegistration;
import dev.ncwrelay.testkit.net.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The real schema registry (Apicurio) as a separate process, with every committed schema registered. */
public final class LocalRegistry implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int OK = 200;

    private final int port;
    private final Path log;
    private final Process process;

    private LocalRegistry(int port, Path log, Process process) {
        this.port = port;
        this.log = log;
        this.process = process;
    }

    /** Starts a registry on a free port and returns when it is ready. */
    public static LocalRegistry start() {
        KafkaUse.check();
        try {
            int port = FreePort.next();
            var log = Files.createTempFile("relay-registry", ".log");
            var process = new ProcessBuilder(command(home(), port, FreePort.next()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            var registry = new LocalRegistry(port, log, process);
            Runtime.getRuntime().addShutdownHook(new Thread(registry::close, "stop-registry"));
            registry.awaitServing();
            new SchemaRegistration(registry.connection()).register();
            return registry;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public RegistryConnection connection() {
        return RegistryConnection.at(url());
    }

    /** Kills the process; connections are refused then. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        log.toFile().delete();
    }

    /** The command that runs the registry unpacked in {@code home}. */
    public static List<String> command(Path home, int port, int managementPort) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=" + managementPort,
                "-jar",
                home.resolve("quarkus-run.jar").toString());
    }

    /** The folder that the build unpacks the registry to: {@code testkit/target/schema-registry} below {@code relay.root}. */
    private static Path home() {
        var root = System.getProperty("relay.root", "..");
        return Path.of(root, "testkit", "target", "schema-registry").toAbsolutePath();
    }

    private void awaitServing() throws IOException, InterruptedException {
        var deadline = Instant.now().plus(START_TIMEOUT);
        while (!isServing()) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                throw new IOException("the schema registry did not start: " + Files.readString(log));
            }
            Thread.sleep(PAUSE);
        }
    }

    private boolean isServing() throws InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(connection().confluentUrl() + "/subjects"))
                    .timeout(PAUSE.multipliedBy(50))
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException e) {
            return false;
        }
    }
}
