package dev.ncwrelay.local.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to start one process of the stack.
 *
 * @param name name on the command line and of its files
 * @param port its loopback port
 * @param command program and arguments
 * @param environment what is set for it; a variable that is already set by the caller wins
 * @param builtFile the file of this build that it runs; null when it runs none, and a build does not outdate it
 * @param probe checks whether it is ready
 * @param grace time to end after SIGTERM, before it is killed
 */
public record Component(
        String name,
        int port,
        List<String> command,
        Map<String, String> environment,
        @Nullable Path builtFile,
        Probe probe,
        Duration grace) {

    public Component {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
