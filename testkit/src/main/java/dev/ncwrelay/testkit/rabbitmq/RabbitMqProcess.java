package dev.ncwrelay.testkit.rabbitmq;

import dev.ncwrelay.testkit.process.ProcessSignal;
import dev.ncwrelay.testkit.server.StartWait;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** RabbitMQ as Debian packages it, in two processes. */
final class RabbitMqProcess implements RabbitMqServer {

    private final RabbitMqNode node;
    private final Path output;
    private final Process nameServer;
    private @Nullable Process broker;

    RabbitMqProcess(RabbitMqNode node) {
        this.node = node;
        this.output = node.folder().resolve("output");
        this.nameServer = start(
                node.nameServer(), Redirect.to(node.folder().resolve("epmd.log").toFile()));
    }

    @Override
    public synchronized void restart() {
        if (broker != null && broker.isAlive()) {
            return;
        }
        var started = start(node.server(), Redirect.appendTo(output.toFile()));
        broker = started;
        StartWait.until(node::accepts, started::isAlive, this::output);
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
    }

    @Override
    public int control(String tool, String... arguments) {
        try {
            return start(node.control(tool, arguments), Redirect.DISCARD).waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void signal(ProcessSignal signal) {
        if (broker != null) {
            signal.send(broker.toHandle());
        }
    }

    private static Process start(List<String> command, Redirect output) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Redirect.from(new File("/dev/null")))
                    .redirectOutput(output)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "(its output cannot be read: " + e.getMessage() + ")";
        }
    }
}
