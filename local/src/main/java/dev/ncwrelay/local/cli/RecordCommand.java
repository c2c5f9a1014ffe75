package dev.ncwrelay.local.cli;

import dev.ncwrelay.local.layout.FileTree;
import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.local.layout.RunFolder;
import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.stack.Stack;
import dev.ncwrelay.local.training.AotTraining;
import dev.ncwrelay.local.training.Recording;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Records the AOT caches that the services of the local stack start with, unless they are current. ./relay build runs it; it
 * uses a stack of its own, beside one that runs.
 */
@Command(name = "record", hidden = true, description = "Records the AOT caches of the local stack's services.")
final class RecordCommand implements Callable<Integer> {

    private final PrintWriter out;

    RecordCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        var workspace = Workspace.current();
        var ports = Ports.free(1);
        var folder = new RunFolder(workspace.root().resolve("target/relay/record"));
        var stack = new Stack(workspace, folder, ports);
        stack.unpackServices();
        if (Stack.SERVICES.stream().allMatch(service -> stack.aotCache(service).isCurrent())) {
            return 0;
        }
        out.println("Recording what the services load, so that they start faster: the demo runs once, in about a minute"
                + " (logs: " + folder.path().resolve("logs") + ")");
        folder.clear();
        FileTree.delete(workspace.aotCaches());
        Files.createDirectories(workspace.aotCaches());
        new AotTraining(folder, ports, Recording.ofLocalStack(), workspace.aotCaches())
                .run(workspace, new PrintWriter(Writer.nullWriter()));
        Stack.SERVICES.forEach(service -> stack.aotCache(service).recorded());
        folder.clear();
        return 0;
    }
}
