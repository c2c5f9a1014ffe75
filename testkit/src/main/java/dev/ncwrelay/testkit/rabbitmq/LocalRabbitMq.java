package dev.ncwrelay.testkit.rabbitmq;

import dev.ncwrelay.testkit.net.FreePort;
import dev.ncwrelay.testkit.process.ProcessSignal;
import dev.ncwrelay.testkit.server.Server;
import dev.ncwrelay.testkit.server.StartWait;
import dev.ncwrelay.testkit.server.TemporaryFolder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/**
 * RabbitMQ as Debian packages it, on loopback ports, with its data in a folder that is deleted with it. Users other than
 * {@link RabbitMqNode#USER} are looked up with the HTTP authentication backend.
 */
public final class LocalRabbitMq implements Server {

    /** Set where a missing RabbitMQ must not be overlooked. */
    private static final String REQUIRED = "RELAY_RABBITMQ_REQUIRED";

    private final TemporaryFolder folder = TemporaryFolder.create("rabbitmq");
    private final RabbitMqNode node;
    private final Process nameServer;
    private @Nullable Process broker;

    private LocalRabbitMq(@Nullable URI authentication) {
        node = new RabbitMqNode(
                folder.path(), FreePort.next(), FreePort.next(), FreePort.next(), FreePort.next(), authentication);
        node.configure();
        try {
            nameServer = new ProcessBuilder(node.nameServer())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.path().resolve("epmd.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-rabbitmq"));
    }

    /** True when RabbitMQ is installed here; fails where it must be. */
    public static boolean isInstalled() {
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
        if (control("rabbitmqctl", "set_vm_memory_high_watermark", on ? "0.00001" : "0.4") != 0) {
            throw new IllegalStateException("RabbitMQ accepts no watermark");
        }
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
            broker.destroy();
            broker.onExit().join();
            broker = null;
        }
    }

    /** Ends it as a power failure does. */
    @Override
    public synchronized void kill() {
        if (broker != null) {
            broker.destroyForcibly().onExit().join();
            broker = null;
        }
    }

    @Override
    public synchronized void pause() {
        signal(ProcessSignal.STOP);
    }

    @Override
    public synchronized void resume() {
        signal(ProcessSignal.CONTINUE);
    }

    @Override
    public synchronized void close() {
        kill();
        nameServer.destroyForcibly().onExit().join();
        folder.delete();
    }

    private void signal(ProcessSignal signal) {
        if (broker != null) {
            signal.send(broker.toHandle());
        }
    }

    /** Returns the exit code. */
    private int control(String tool, String... arguments) {
        try {
            return new ProcessBuilder(node.control(tool, arguments))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private ProcessBuilder process() {
        return new ProcessBuilder(node.server())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.path().resolve("output").toFile()));
    }

    /** It listens when everything else has started. */
    private boolean accepts() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private String output() {
        try {
            return Files.readString(folder.path().resolve("output"));
        } catch (IOException e) {
            return "(its output cannot be read: " + e.getMessage() + ")";
        }
    }
}
