package dev.ncwrelay.testkit.rabbitmq;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One node of RabbitMQ, on loopback addresses, and how to run it as Debian packages it: two processes with all their files in one folder.
 * Erlang's name server (epmd) is a process of its own, because RabbitMQ would start one that outlives it, and share one that
 * another program uses.
 *
 * @param folder for configuration, data and logs
 * @param port of AMQP
 * @param distributionPort of Erlang's distribution
 * @param nameServerPort of the name server
 * @param webStompPort of STOMP over WebSocket, for browsers; 0 for none
 * @param authentication where the HTTP authentication backend asks about users; null for none
 */
public record RabbitMqNode(
        Path folder,
        int port,
        int distributionPort,
        int nameServerPort,
        int webStompPort,
        @Nullable URI authentication) {

    /** The administrator, who may log in from this machine only. */
    public static final String USER = "guest";

    public static final String PASSWORD = "guest";

    private static final String ERLANG_ARGUMENTS = "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS";
    private static final Path PROGRAM = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    /** True when RabbitMQ is installed here. */
    public static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /** What is missing where it is not installed, and how to install it, human-readable. */
    public static String missing() {
        return PROGRAM + " is missing; Debian and Ubuntu: apt-get install rabbitmq-server";
    }

    /** Writes its configuration. Call before it is started. */
    public void configure() {
        try {
            Files.createDirectories(folder);
            Files.writeString(pluginsFile(), "[" + String.join(",", plugins()) + "].\n");
            Files.write(configurationFile(), configuration());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the configuration of RabbitMQ", e);
        }
    }

    Path configurationFile() {
        return folder.resolve("rabbitmq.conf");
    }

    Path pluginsFile() {
        return folder.resolve("plugins");
    }

    /** True when the running node accepts connections: it listens when everything else has started. */
    boolean accepts() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** The command of the name server, which runs in the foreground. */
    public List<String> nameServer() {
        return List.of("epmd", "-port", Integer.toString(nameServerPort), "-address", "127.0.0.1");
    }

    /**
     * The command of RabbitMQ. The process becomes Erlang's virtual machine. Variables are part of the command: those of the
     * caller, among them the home folder where Erlang keeps its cookie, are not meant for this node.
     */
    public List<String> server() {
        var variables = new TreeMap<>(environment());
        variables.put("HOME", folder.toString());
        variables.put(
                "RABBITMQ_CONF_ENV_FILE", folder.resolve("rabbitmq-env.conf").toString());
        variables.put("RABBITMQ_MNESIA_BASE", folder.resolve("mnesia").toString());
        variables.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
        variables.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString());
        variables.put("RABBITMQ_ENABLED_PLUGINS_FILE", pluginsFile().toString());
        variables.put("RABBITMQ_PID_FILE", folder.resolve("pid").toString());
        // With "input" the virtual machine replaces the start script, which would leave its child behind when killed.
        variables.put("RABBITMQ_ALLOW_INPUT", "true");
        variables.merge(ERLANG_ARGUMENTS, "-noinput", (others, added) -> added + " " + others);
        var command = new ArrayList<>(List.of(
                "/usr/bin/env",
                // The start script would take it for a start by systemd.
                "--unset=NOTIFY_SOCKET"));
        variables.forEach((name, value) -> command.add(name + "=" + value));
        command.add(PROGRAM.toString());
        return List.copyOf(command);
    }

    /** The variables that it needs wherever its files are: its name, and ports and addresses of Erlang. */
    Map<String, String> environment() {
        return Map.of(
                "RABBITMQ_NODENAME",
                name(),
                "RABBITMQ_DIST_PORT",
                Integer.toString(distributionPort),
                "ERL_EPMD_ADDRESS",
                "127.0.0.1",
                "ERL_EPMD_PORT",
                Integer.toString(nameServerPort),
                ERLANG_ARGUMENTS,
                "-kernel inet_dist_use_interface {127,0,0,1}");
    }

    /**
     * A command of an administrator, for the running node.
     *
     * @param tool {@code rabbitmqctl} or another tool of RabbitMQ
     */
    public List<String> control(String tool, String... arguments) {
        var command = List.of(
                "/usr/bin/env",
                "HOME=" + folder,
                "ERL_EPMD_PORT=" + nameServerPort,
                PROGRAM.resolveSibling(tool).toString(),
                "-n",
                name());
        return Stream.concat(command.stream(), Stream.of(arguments)).toList();
    }

    private String name() {
        return "relay" + port + "@localhost";
    }

    private List<String> plugins() {
        return webStompPort == 0
                ? List.of("rabbitmq_auth_backend_http")
                : List.of("rabbitmq_auth_backend_http", "rabbitmq_web_stomp");
    }

    private List<String> configuration() {
        var lines = new ArrayList<>(List.of(
                "listeners.tcp.1 = 127.0.0.1:" + port,
                // Its output is its log.
                "log.file = false",
                "log.console = true",
                "log.console.level = warning",
                "log.console.use_colors = off",
                // A broker that runs out of disk accepts nothing.
                "disk_free_limit.absolute = 10MB",
                "auth_backends.1 = internal"));
        if (webStompPort != 0) {
            lines.add("stomp.listeners.tcp = none");
            lines.add("web_stomp.tcp.ip = 127.0.0.1");
            lines.add("web_stomp.tcp.port = " + webStompPort);
        }
        if (authentication != null) {
            lines.add("auth_backends.2 = http");
            lines.add("auth_http.http_method = post");
            for (var question : List.of("user", "vhost", "resource", "topic")) {
                lines.add("auth_http." + question + "_path = " + authentication.resolve(question));
            }
        }
        return lines;
    }
}
