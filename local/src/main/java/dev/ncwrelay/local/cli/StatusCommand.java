package dev.ncwrelay.local.cli;

import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.process.ManagedProcess;
import dev.ncwrelay.local.stack.Stack;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints the status of each process. Exit code 0 when all are ready, 1 otherwise. */
@Command(name = "status", description = "Shows the status of each process.")
final class StatusCommand implements Callable<Integer> {

    private final PrintWriter out;

    StatusCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        boolean allReady = true;
        var stack = Stack.up(Workspace.current());
        for (var process : stack.processes()) {
            var state = state(process);
            allReady &= state.equals("ready");
            var component = process.component();
            out.printf(
                    Locale.ROOT,
                    "%-18s 127.0.0.1:%-6d %-12s %-22s %s%n",
                    component.name(),
                    component.port(),
                    process.running().map(running -> "pid " + running.pid()).orElse("-"),
                    state,
                    process.log());
        }
        out.println("The simulator also serves Firebase Cloud Messaging, at 127.0.0.1:"
                + stack.ports().fcm());
        stack.withoutRabbitMq().ifPresent(reason -> out.println("RabbitMQ is not part of it: " + reason));
        return allReady ? 0 : 1;
    }

    private static String state(ManagedProcess process) throws InterruptedException {
        if (process.running().isEmpty()) {
            return process.hasCrashed() ? "crashed" : "not started";
        }
        return process.component().probe().isReady() ? "ready" : "not ready";
    }
}
