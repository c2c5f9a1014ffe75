package dev.ncwrelay.bench.system;

import dev.ncwrelay.bench.screen.Screen;
import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.local.layout.RunFolder;
import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.stack.Stack;
import dev.ncwrelay.local.stack.StackFailedException;
import dev.ncwrelay.local.stack.StartProgress;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.invoke.ApiRole;
import dev.ncwrelay.testkit.invoke.ApiUser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The services of a checkout, with a Kafka broker and a schema registry of this one, on free ports of 127.0.0.1 and with
 * nothing in them. Fireblocks is a simulator in this process.
 */
public final class RunningSystem implements AutoCloseable {

    private static final List<String> SERVICES = List.of(Stack.INGRESS, Stack.RPC, Stack.DELIVERY);

    private final Stack stack;
    private final int partitions;
    private final FakeFireblocks fireblocks;
    private final Thread stopAtExit;

    private RunningSystem(Stack stack, int partitions, FakeFireblocks fireblocks) {
        this.partitions = partitions;
        this.stack = stack;
        this.fireblocks = fireblocks;
        this.stopAtExit = new Thread(stack::stop, "stop-stack");
    }

    /**
     * Starts the services that are built in a checkout.
     *
     * @param partitions of each topic
     * @param deliveryOptions further ones of delivery-service's JVM
     */
    public static RunningSystem start(Path checkout, int partitions, List<String> deliveryOptions, Screen screen)
            throws InterruptedException {
        var own = Workspace.current().root();
        var folder = new RunFolder(own.resolve("bench/target/stack"));
        // A run that was killed may have left processes; they go by their pid files before these are cleared.
        new Stack(new Workspace(own), folder, Ports.free(1)).stop();
        folder.clear();
        if (!folder.choosePartitions(partitions)) {
            throw new IllegalStateException("the folder of an earlier run cannot be cleared");
        }
        var ports = Ports.free(1);
        var stack = new Stack(new Workspace(own, checkout), folder, ports)
                .without(Stack.SIMULATOR)
                .without(Stack.CHANNEL)
                .changing(part ->
                        OptimizingJvm.of(part, part.name().equals(Stack.DELIVERY) ? deliveryOptions : List.of()));
        var fireblocks = FakeFireblocks.settings().port(ports.simulator()).start();
        fireblocks
                .invoke()
                .register(ApiUser.keptIn(folder.secrets(), ApiRole.NCW_SIGNER).registered());
        var system = new RunningSystem(stack, partitions, fireblocks);
        Runtime.getRuntime().addShutdownHook(system.stopAtExit);
        var lines = new Lines(screen);
        try (var _ = screen.watch(() -> "waiting for " + lines.awaited)) {
            stack.start(lines);
            return system;
        } catch (StackFailedException | InterruptedException e) {
            system.close();
            throw e;
        }
    }

    public FakeFireblocks fireblocks() {
        return fireblocks;
    }

    public int deliveryPort() {
        return stack.ports().delivery();
    }

    public int ingressPort() {
        return stack.ports().ingress();
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + stack.ports().kafka();
    }

    /** Partitions of each topic. */
    public int partitions() {
        return partitions;
    }

    /** The process of delivery-service. */
    public ServiceProcess delivery() {
        return process(Stack.DELIVERY);
    }

    /** Processor time that the broker, each service and this process have taken so far. */
    public Map<String, Duration> processorTime() {
        var times = new LinkedHashMap<String, Duration>();
        times.put(Stack.KAFKA, process(Stack.KAFKA).processorTime());
        SERVICES.forEach(service -> times.put(service, process(service).processorTime()));
        times.put("load and simulator", new ServiceProcess(ProcessHandle.current(), List.of()).processorTime());
        return times;
    }

    @Override
    public void close() {
        stack.stop();
        fireblocks.close();
        Runtime.getRuntime().removeShutdownHook(stopAtExit);
    }

    private ServiceProcess process(String name) {
        var process = stack.process(name);
        return new ServiceProcess(
                process.running()
                        .orElseThrow(() -> new IllegalStateException(
                                name + " has ended; its log " + process.log() + " ends with:\n" + process.lastLines())),
                OptimizingJvm.options(process.component()));
    }

    private static final class Lines implements StartProgress {

        private final Screen screen;
        private volatile String awaited = "the start";

        private Lines(Screen screen) {
            this.screen = screen;
        }

        @Override
        public void waiting(String what, Duration since) {
            awaited = what;
        }

        @Override
        public void done(String what, String where, Duration took) {
            screen.line(String.format(Locale.ROOT, "  %-18s %5.1f s", what, took.toMillis() / 1e3));
        }
    }
}
