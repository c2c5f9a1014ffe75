package dev.ncwrelay.local.cli;

import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.stack.Stack;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Stops the processes that {@link UpCommand} started. Data and logs are kept. */
@Command(name = "down", description = "Stops the local stack; data and logs are kept.")
final class DownCommand implements Callable<Integer> {

    private final PrintWriter out;

    DownCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        var stack = Stack.up(Workspace.current());
        var running = stack.processes().reversed().stream()
                .filter(process -> process.running().isPresent())
                .toList();
        running.forEach(
                process -> out.println("  stopping " + process.component().name()));
        stack.stop();
        out.println(running.isEmpty() ? "The stack was not running." : "Stopped.");
        return 0;
    }
}
