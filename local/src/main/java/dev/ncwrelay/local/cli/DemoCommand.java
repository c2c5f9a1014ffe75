package dev.ncwrelay.local.cli;

import dev.ncwrelay.local.demo.Demo;
import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.stack.Stack;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the demo on the stack of {@link UpCommand} if that is running, otherwise on a separate stack that is stopped
 * afterwards, also on Ctrl-C; or, on request, on the containers of docker-compose.yml.
 */
@Command(name = "demo", description = "Runs both message flows once and prints each step.")
final class DemoCommand implements Callable<Integer> {

    private final PrintWriter out;

    @Option(names = "--compose", description = "on the running stack of docker-compose.yml")
    private boolean compose;

    DemoCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (compose) {
            ComposeStack.requireReady(Ports.standard());
            out.println("Using the stack of docker-compose.yml.");
            return show(Ports.standard());
        }
        var workspace = Workspace.current();
        var running = Stack.up(workspace);
        if (running.processes().stream().anyMatch(process -> process.running().isPresent())) {
            out.println("Using the running stack.");
            if (!running.isRunning() || !running.outdated().isEmpty()) {
                out.println("Starting what does not run, or was built again");
                running.start(new Console(out));
            }
            return show(running.ports());
        }
        var folder = workspace.demoFolder();
        // A demo that was killed may have left processes: stop them before their pid files are deleted.
        Stack.withRabbitMq(workspace, folder, Ports.standard()).stop();
        folder.clear();
        var stack = Stack.withRabbitMq(workspace, folder, Ports.standard());
        Runtime.getRuntime().addShutdownHook(new Thread(stack::stop, "stop-stack"));
        out.println("Starting a stack for the demo (logs: " + folder.path().resolve("logs") + ")");
        stack.start(new Console(out));
        int exitCode = show(stack.ports());
        out.println(
                "Stopping the stack. To run the commands above by hand: ./relay up, ./relay demo, then paste them.");
        return exitCode;
    }

    private int show(Ports ports) throws InterruptedException {
        try (var demo = new Demo(ports, out)) {
            return demo.run() ? 0 : 1;
        }
    }
}
