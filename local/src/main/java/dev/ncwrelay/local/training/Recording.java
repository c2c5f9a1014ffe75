package dev.ncwrelay.local.training;

import dev.ncwrelay.local.process.Component;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a service is started so that it writes its AOT cache when it ends. */
@FunctionalInterface
public interface Recording {

    /** It warns of hundreds of classes that it cannot keep, which would hide the service's last lines. */
    String QUIET = "-Xlog:aot=error";

    /** The command that runs this service and writes this cache. */
    List<String> command(Component service, Path cache);

    /** As the local stack starts it. */
    static Recording ofLocalStack() {
        return (service, cache) -> {
            var command = new ArrayList<>(service.command());
            command.removeIf(option -> option.startsWith("-XX:AOTCache="));
            command.addAll(1, List.of("-XX:AOTCacheOutput=" + cache, QUIET));
            return command;
        };
    }

    /**
     * As the Dockerfile's entry point starts it: options of Java that change what a cache depends on must be the same.
     *
     * @param services the folder with each service's unpacked jar, as {@code <service>/service.jar}. It is part of the
     *     recorded class path: the caches are valid for the same paths and the same files only.
     */
    static Recording ofImages(Path services) {
        return (service, cache) -> List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:AOTCacheOutput=" + cache,
                QUIET,
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                services.resolve(service.name()).resolve("service.jar").toString());
    }
}
