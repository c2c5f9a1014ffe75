package dev.ncwrelay.local.cli;

import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.secrets.ContainerUser;
import dev.ncwrelay.local.secrets.Secrets;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Makes the secrets that docker-compose.yml mounts. Those that exist are kept. */
@Command(name = "secrets", description = "Makes the secrets of docker-compose.yml that are missing.")
final class SecretsCommand implements Callable<Integer> {

    /** Compose reads {@code .env} beside the file that it is started with. */
    private static final List<String> COMPOSE_FILES = List.of("", "deploy/compose");

    private final PrintWriter out;

    SecretsCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        var root = Workspace.current().root();
        var secrets = new Secrets(root.resolve("secrets"));
        List<Path> made = new ArrayList<>(secrets.makeApiUser());
        made.addAll(secrets.makeKeysOfDelivery());
        for (var composeFiles : COMPOSE_FILES) {
            ContainerUser.mayRead(secrets.files(), root.resolve(composeFiles).resolve(".env"));
        }
        secrets.files()
                .forEach(
                        file -> out.println((made.contains(file) ? "  made   " : "  kept   ") + root.relativize(file)));
        return 0;
    }
}
