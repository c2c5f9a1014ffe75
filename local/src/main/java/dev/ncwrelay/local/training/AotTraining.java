package dev.ncwrelay.local.training;

import dev.ncwrelay.local.demo.Demo;
import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.local.layout.RunFolder;
import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.process.Component;
import dev.ncwrelay.local.secrets.Secrets;
import dev.ncwrelay.local.stack.Provisioning;
import dev.ncwrelay.local.stack.Stack;
import dev.ncwrelay.local.stack.StackFailedException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs the demo once on a stack whose services record AOT caches (JEP 483, JEP 514): classes loaded and linked, and
 * profiles of the methods that ran. The stack needs nothing but the loopback interface, so that it runs in the build of
 * an image. Options of Java that change what a cache depends on must be those of the Dockerfile's entry point.
 *
 * @param folder for the stack's data and logs
 * @param services the folder with each service's unpacked jar, as {@code <service>/service.jar}. It is part of the
 *     recorded class path: the caches are valid for the same paths and the same files only.
 * @param caches the existing folder for the caches, {@code <service>.aot}
 */
public record AotTraining(RunFolder folder, Path services, Path caches) {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    /**
     * Runs it.
     *
     * @throws StackFailedException if the stack does not start, the demo fails, or a cache was not written
     */
    public void run(Workspace workspace, PrintWriter out) throws InterruptedException {
        var ports = Ports.standard();
        var stack = new Stack(workspace, folder, ports).changing(this::recording);
        try {
            new Secrets(folder.secrets()).makeKeysOfDelivery();
            stack.start(Stack.KAFKA, Stack.REGISTRY, Stack.SIMULATOR);
            Provisioning.run(ports, folder.partitions());
            stack.start(Stack.INGRESS, Stack.RPC, Stack.DELIVERY, Stack.CHANNEL);
            try (var demo = new Demo(ports, out)) {
                if (!demo.run()) {
                    throw new StackFailedException("the demo failed: logs are in " + folder.path());
                }
            }
        } finally {
            // A service writes its cache when it ends.
            stack.stop();
        }
        requireCaches(stack);
    }

    private Component recording(Component component) {
        if (!Stack.SERVICES.contains(component.name())) {
            return component;
        }
        var command = List.of(
                JAVA.toString(),
                "-XX:AOTCacheOutput=" + cache(component.name()),
                // It warns of hundreds of classes that it cannot keep, which would hide the service's last lines.
                "-Xlog:aot=error",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                services.resolve(component.name()).resolve("service.jar").toString());
        return new Component(
                component.name(),
                component.port(),
                command,
                component.environment(),
                null,
                component.probe(),
                component.grace());
    }

    private void requireCaches(Stack stack) {
        for (var service : Stack.SERVICES) {
            if (!Files.exists(cache(service))) {
                throw new StackFailedException(cache(service) + " was not written; the log of " + service
                        + " ends with:\n" + stack.process(service).lastLines());
            }
        }
    }

    private Path cache(String service) {
        return caches.resolve(service + ".aot");
    }
}
