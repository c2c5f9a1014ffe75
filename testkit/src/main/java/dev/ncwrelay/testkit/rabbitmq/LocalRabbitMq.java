package dev.ncwrelay.testkit.rabbitmq;

import dev.ncwrelay.testkit.net.FreePort;
import dev.ncwrelay.testkit.process.ProcessSignal;
import dev.ncwrelay.testkit.server.Server;
import dev.ncwrelay.testkit.server.StartWait;
import dev.ncwrelay.testkit.server.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * RabbitMQ as Debian packages it, on loopback ports, with its data in a folder that is deleted with it. Users other than
 * {@value #USER} are looked up with the HTTP authentication backend.
 */
public final class LocalRabbitMq implements Server {

    /** The administrator, who may log in from this machine only. */
    public static final String USER = "guest";

    public static final String PASSWORD = "guest";

    private static final Path PROGRAM = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    /** Set where a missing RabbitMQ must not be overlooked. */
    private static final String REQUIRED = "RELAY_RABBITMQ_REQUIRED";

    private final TemporaryFolder temporary = TemporaryFolder.create("rabbitmq");
    private final Path folder = temporary.path();
    private final int port = FreePort.next();
    private final int distributionPort = FreePort.next();
    private final int nameServerPort = FreePort.next();
    private final Process nameServer;
    private @Nullable Process broker;

    private LocalRabbitMq(@Nullable URI authentication) {
        try {
            Files.writeString(folder.resolve("plugins"), "[rabbitmq_auth_backend_http].\n");
            Files.write(folder.resolve("rabbitmq.conf"), configuration(authentication));
            // In the foreground, so that it is known by its process: RabbitMQ would start one that outlives it.
            nameServer = new ProcessBuilder("epmd", "-port", Integer.toString(nameServerPort), "-address", "127.0.0.1")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("epmd.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-rabbitmq"));
    }

    /** True when RabbitMQ is installed here; fails where it must be. */
    public static boolean isInstalled() {
        boolean found = Files.isExecutable(PROGRAM);
        if (!found && System.getenv(REQUIRED) != null) {
            throw new IllegalStateException("RabbitMQ is missing: apt-get install rabbitmq-server");
        }
        return found;
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
        return port;
    }

    @Override
    public synchronized void restart() {
        if (broker != null && broker.isAlive()) {
            return;
        }
        try {
            var started = process().start();
            broker = started;
            StartWait.until(this::accepts, started::isAlive, this::output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void stop() {
        if (broker != null) {
            resume();
            virtualMachine().ifPresent(ProcessHandle::destroy);
            broker.onExit().join();
            broker = null;
        }
    }

    /** Ends it as a power failure does. */
    @Override
    public synchronized void kill() {
        if (broker != null) {
            virtualMachine().ifPresent(process -> {
                process.destroyForcibly();
                process.onExit().join();
            });
            broker.destroyForcibly().onExit().join();
            broker = null;
        }
    }

    @Override
    public synchronized void pause() {
        virtualMachine().ifPresent(ProcessSignal.STOP::send);
    }

    @Override
    public synchronized void resume() {
        virtualMachine().ifPresent(ProcessSignal.CONTINUE::send);
    }

    @Override
    public synchronized void close() {
        kill();
        nameServer.destroyForcibly().onExit().join();
        temporary.delete();
    }

    /** Erlang's virtual machine, which the start script runs. */
    private Optional<ProcessHandle> virtualMachine() {
        return Optional.ofNullable(broker)
                .map(script -> script.descendants()
                        .filter(process -> process.info()
                                .command()
                                .filter(name -> name.contains("beam"))
                                .isPresent())
                        .findFirst()
                        .orElseGet(script::toHandle));
    }

    private ProcessBuilder process() {
        var builder = new ProcessBuilder(PROGRAM.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("output").toFile()));
        var environment = builder.environment();
        environment.put("HOME", folder.toString());
        environment.put("RABBITMQ_NODENAME", "relay" + port + "@localhost");
        environment.put("RABBITMQ_MNESIA_BASE", folder.resolve("mnesia").toString());
        environment.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
        environment.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString());
        environment.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("plugins").toString());
        environment.put("RABBITMQ_PID_FILE", folder.resolve("pid").toString());
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(distributionPort));
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        environment.put("ERL_EPMD_PORT", Integer.toString(nameServerPort));
        environment.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
        return builder;
    }

    private List<String> configuration(@Nullable URI authentication) {
        var lines = new ArrayList<>(List.of(
                "listeners.tcp.1 = 127.0.0.1:" + port,
                "log.console = false",
                // A broker that runs out of disk accepts nothing.
                "disk_free_limit.absolute = 10MB",
                "auth_backends.1 = internal"));
        if (authentication != null) {
            lines.add("auth_backends.2 = http");
            lines.add("auth_http.http_method = post");
            for (var question : List.of("user", "vhost", "resource", "topic")) {
                lines.add("auth_http." + question + "_path = " + authentication.resolve(question));
            }
        }
        return lines;
    }

    /** It listens when everything else has started. */
    private boolean accepts() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output"));
        } catch (IOException e) {
            return "(its output cannot be read: " + e.getMessage() + ")";
        }
    }
}
