package dev.ncwrelay.local.cli;

import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.local.layout.RunFolder;
import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.training.AotTraining;
import dev.ncwrelay.local.training.Recording;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Records the AOT caches of the services. The Dockerfile runs it; it is no command of the launcher. */
@Command(name = "train", hidden = true, description = "Records the AOT caches of unpacked services.")
final class TrainCommand implements Callable<Integer> {

    private final PrintWriter out;

    @Option(names = "--services", required = true, description = "folder with <service>/service.jar")
    private Path services = Path.of("");

    @Option(names = "--caches", required = true, description = "existing folder for <service>.aot")
    private Path caches = Path.of("");

    @Option(names = "--work", required = true, description = "folder for data and logs of the stack")
    private Path work = Path.of("");

    TrainCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        new AotTraining(new RunFolder(work), Ports.standard(), Recording.ofImages(services), caches)
                .run(Workspace.current(), out);
        return 0;
    }
}
