package dev.ncwrelay.local.process;

import dev.ncwrelay.local.layout.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A component with its process, if it has one. The process outlives this JVM unless it is stopped. */
public final class ManagedProcess {

    private static final int LAST_LINES = 15;

    /** The version of what no build of the project changes. */
    private static final String UNBUILT = "-";

    /** How long the system may take to remove a killed process: a large one, on a busy machine. */
    private static final Duration KILLING = Duration.ofMinutes(1);

    private final Component component;
    private final Path log;
    private final ProcessFile file;

    public ManagedProcess(Component component, RunFolder folder) {
        this.component = component;
        this.log = folder.log(component.name());
        this.file = new ProcessFile(folder.pid(component.name()));
    }

    public Component component() {
        return component;
    }

    public Path log() {
        return log;
    }

    public Optional<ProcessHandle> running() {
        return file.find().filter(process -> !ProcessEnd.hasBegun(process));
    }

    /** True when the process was started and has not been stopped: it runs, or has crashed. */
    public boolean isExpected() {
        return file.exists();
    }

    /** True when the process was started and has exited without being stopped. */
    public boolean hasCrashed() {
        return file.exists() && running().isEmpty();
    }

    /** True when the process runs, and was started from another build, or with other settings, than it would be now. */
    public boolean isOutdated() {
        return running().isPresent() && !file.version().equals(Optional.of(version()));
    }

    /**
     * Starts the process, unless it runs.
     *
     * @throws PortInUseException when another program listens on its port
     */
    public void start() {
        if (running().isPresent()) {
            return;
        }
        requireFreePort();
        var builder = new ProcessBuilder(detached(component.command()))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        component.environment().forEach(builder.environment()::putIfAbsent);
        try {
            var version = version();
            file.write(builder.start().toHandle(), version);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + component.name(), e);
        }
    }

    /** Sends SIGTERM, waits for the grace time, and kills the process if it is still running. */
    public void stop() {
        file.find().ifPresent(process -> {
            process.destroy();
            if (!ProcessEnd.await(process, component.grace())) {
                kill(process);
            }
        });
        file.delete();
    }

    /** Kills the process, as a crash ends it. */
    public void kill() {
        file.find().ifPresent(ManagedProcess::kill);
        file.delete();
    }

    /** The end of its log; human-readable. */
    public String lastLines() {
        try {
            var lines = Files.exists(log) ? Files.readAllLines(log) : List.<String>of();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return "(" + log + " cannot be read: " + e.getMessage() + ")";
        }
    }

    private String version() {
        var built = component.builtFile();
        return built == null
                ? UNBUILT
                : FileVersion.of(built) + "-" + component.environment().hashCode();
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        ProcessEnd.await(process, KILLING);
    }

    /**
     * Checks that the process can bind its port.
     *
     * @throws PortInUseException when another program listens on its port
     */
    public void requireFreePort() {
        if (running().isPresent()) {
            return;
        }
        // A process that is ending holds its port until it has ended.
        file.find().ifPresent(process -> ProcessEnd.await(process, KILLING));
        LoopbackPort.requireFree(component.name(), component.port());
    }

    /** In a session of its own, the process stays alive when its terminal is closed. */
    private static List<String> detached(List<String> command) {
        var setsid = Path.of("/usr/bin/setsid");
        if (!Files.isExecutable(setsid)) {
            return command;
        }
        var detached = new ArrayList<String>();
        detached.add(setsid.toString());
        detached.addAll(command);
        return detached;
    }
}
