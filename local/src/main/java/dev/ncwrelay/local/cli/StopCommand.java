package dev.ncwrelay.local.cli;

import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.stack.Stack;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Stops one process as an orchestrator does, with SIGTERM; {@link UpCommand} starts it again. */
@Command(name = "stop", description = "Stops one process of the local stack; ./relay up starts it again.")
final class StopCommand implements Callable<Integer> {

    private final PrintWriter out;

    @Parameters(paramLabel = "service", description = "its name, as ./relay status shows it")
    private String name = "";

    StopCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        var process = Stack.up(Workspace.current()).process(name);
        boolean isRunning = process.running().isPresent();
        if (isRunning) {
            out.println("  stopping " + name + "; what it does now is finished first");
        }
        // Of one that crashed, that is forgotten.
        process.stop();
        out.println(isRunning ? "Stopped. ./relay up starts it again." : name + " was not running.");
        return 0;
    }
}
