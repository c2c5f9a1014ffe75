package dev.ncwrelay.local.training;

import dev.ncwrelay.local.demo.Demo;
import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.local.layout.RunFolder;
import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.process.Component;
import dev.ncwrelay.local.secrets.Secrets;
import dev.ncwrelay.local.stack.AotCache;
import dev.ncwrelay.local.stack.Provisioning;
import dev.ncwrelay.local.stack.Stack;
import dev.ncwrelay.local.stack.StackFailedException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs the demo once on a stack whose services record AOT caches (JEP 483, JEP 514): classes loaded and linked, and
 * profiles of the methods that ran. The stack needs nothing but the loopback interface, so that it runs in the build of
 * an image.
 *
 * @param folder for the stack's data and logs
 * @param ports of the stack
 * @param recording how the services are started
 * @param caches the existing folder for the caches, {@code <service>.aot}
 */
public record AotTraining(RunFolder folder, Ports ports, Recording recording, Path caches) {

    /**
     * Runs it.
     *
     * @param out for the demo's steps
     * @throws StackFailedException if the stack does not start, the demo fails, or a cache was not written
     */
    public void run(Workspace workspace, PrintWriter out) throws InterruptedException {
        var stack = new Stack(workspace, folder, ports).changing(this::recorded);
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

    private Component recorded(Component component) {
        if (!Stack.SERVICES.contains(component.name())) {
            return component;
        }
        return new Component(
                component.name(),
                component.port(),
                recording.command(component, cache(component.name())),
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
        return AotCache.file(caches, service);
    }
}
