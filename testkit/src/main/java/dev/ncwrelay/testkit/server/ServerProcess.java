package dev.ncwrelay.testkit.server;

import dev.ncwrelay.testkit.process.ProcessSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A server as a process of its own, which ends with this JVM at the latest. */
public final class ServerProcess implements Server {

    private final List<String> command;
    private final BooleanSupplier ready;
    private final TemporaryFolder folder;
    private final Path log;
    private @Nullable Process process;

    /**
     * A server that does not run yet.
     *
     * @param name of its folder
     * @param command the command that runs it, for the folder that its data is kept in
     * @param ready checks whether it is ready; false when it is unreachable
     */
    public ServerProcess(String name, Function<Path, List<String>> command, BooleanSupplier ready) {
        this.folder = TemporaryFolder.create(name);
        this.log = folder.path().resolve("log");
        this.command = List.copyOf(command.apply(folder.path().resolve("data")));
        this.ready = ready;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-" + name));
    }

    @Override
    public synchronized void restart() {
        if (process != null && process.isAlive()) {
            return;
        }
        try {
            var started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            process = started;
            StartWait.until(ready, started::isAlive, this::output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void stop() {
        if (process != null) {
            resume();
            process.destroy();
            process.onExit().join();
            process = null;
        }
    }

    @Override
    public synchronized void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
            process = null;
        }
    }

    @Override
    public synchronized void pause() {
        if (process != null) {
            ProcessSignal.STOP.send(process.toHandle());
        }
    }

    @Override
    public synchronized void resume() {
        if (process != null) {
            ProcessSignal.CONTINUE.send(process.toHandle());
        }
    }

    @Override
    public synchronized void close() {
        kill();
        folder.delete();
    }

    private String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "(" + log + " cannot be read: " + e.getMessage() + ")";
        }
    }
}
