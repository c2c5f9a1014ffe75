package dev.ncwrelay.local.cli;

import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.process.ManagedProcess;
import dev.ncwrelay.local.stack.Stack;
import dev.ncwrelay.local.stack.StackFailedException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the processes of the stack that are not running or whose program was built again, and leaves them running. */
@Command(name = "up", description = "Starts the local stack and keeps it running.")
final class UpCommand implements Callable<Integer> {

    /** Each takes half a gigabyte, and ports below 8500. */
    private static final int MAX_NODES = 9;

    private final PrintWriter out;

    @Option(names = "--rabbitmq", description = "fail unless RabbitMQ is part of it, and say why it is not")
    private boolean rabbitMq;

    @Option(names = "--partitions", description = "of each topic, at the first start; 12 if not given")
    private @Nullable Integer partitions;

    @Option(
            names = "--nodes",
            description = "of delivery-service, from 1 to 9; remembered for later starts, 1 at the first")
    private @Nullable Integer nodes;

    UpCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (partitions != null && partitions < 1) {
            throw new StackFailedException("--partitions must be 1 or more, not " + partitions);
        }
        if (nodes != null && (nodes < 1 || nodes > MAX_NODES)) {
            throw new StackFailedException("--nodes must be from 1 to " + MAX_NODES + ", not " + nodes);
        }
        var workspace = Workspace.current();
        if (partitions != null && !workspace.upFolder().choosePartitions(partitions)) {
            throw new StackFailedException("the stack's topics have "
                    + workspace.upFolder().partitions() + " partitions, and their number never changes;"
                    + " ./relay down and delete " + workspace.upFolder().path() + " to start without data");
        }
        var stack = Stack.up(workspace);
        if (rabbitMq) {
            stack.requireRabbitMq();
        }
        if (nodes != null && nodes != workspace.upFolder().nodes()) {
            stopNodesAfter(nodes, stack);
            workspace.upFolder().chooseNodes(nodes);
            stack = Stack.up(workspace);
        }
        var outdated = stack.outdated();
        if (stack.isRunning() && outdated.isEmpty()) {
            out.println("The stack is already running; ./relay status shows it, ./relay down stops it.");
            printPage(stack);
            return 0;
        }
        stack.processes().stream()
                .filter(ManagedProcess::hasCrashed)
                .forEach(process -> out.println(
                        process.component().name() + " crashed (log: " + process.log() + "); restarting it."));
        outdated.forEach(process ->
                out.println(process.component().name() + " was built again, or has other settings; restarting it."));
        out.println("Starting the stack (logs: " + workspace.upFolder().path().resolve("logs") + ")");
        stack.withoutRabbitMq().ifPresent(reason -> out.println("  RabbitMQ is not part of it: " + reason));
        stack.start(new Console(out));
        out.println("Ready. ./relay status shows it, ./relay demo uses it, ./relay down stops it.");
        printPage(stack);
        return 0;
    }

    /** While the stack still knows them. */
    private void stopNodesAfter(int last, Stack stack) {
        var surplus = IntStream.rangeClosed(
                        last + 1, stack.ports().deliveryNodes().size())
                .mapToObj(Stack::delivery)
                .filter(name -> stack.process(name).running().isPresent())
                .toArray(String[]::new);
        if (surplus.length > 0) {
            out.println("Stopping " + String.join(", ", surplus));
            stack.stop(surplus);
        }
    }

    private void printPage(Stack stack) {
        out.println(
                "Watch it and play with it: http://127.0.0.1:" + stack.ports().simulator() + "/");
    }
}
