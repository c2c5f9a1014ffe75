package dev.ncwrelay.local.cli;

import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.process.ManagedProcess;
import dev.ncwrelay.local.stack.Stack;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the ends of the logs with {@code tail}. */
@Command(name = "logs", description = "Prints the end of the logs.")
final class LogsCommand implements Callable<Integer> {

    private final PrintWriter out;

    @Option(names = "-f", description = "follow the logs")
    private boolean follow;

    @Option(names = "-n", defaultValue = "40", description = "lines per log; default ${DEFAULT-VALUE}")
    private int lines;

    @Parameters(arity = "0..1", paramLabel = "service", description = "one process of the stack; default all")
    private @Nullable String name;

    LogsCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var stack = Stack.up(Workspace.current());
        var logs = processes(stack).stream()
                .map(ManagedProcess::log)
                .filter(Files::exists)
                .map(Path::toString)
                .toList();
        if (logs.isEmpty()) {
            out.println("No logs yet: ./relay up starts the stack.");
            return 1;
        }
        var command = new ArrayList<>(List.of("tail", "-n", Integer.toString(lines)));
        if (follow) {
            command.add("-F");
        }
        command.addAll(logs);
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private List<ManagedProcess> processes(Stack stack) {
        if (name == null) {
            return stack.processes();
        }
        return List.of(stack.process(name));
    }
}
