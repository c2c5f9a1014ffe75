package dev.ncwrelay.local.stack;

import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.local.layout.RunFolder;
import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.process.Component;
import dev.ncwrelay.local.process.ManagedProcess;
import dev.ncwrelay.local.process.PortInUseException;
import dev.ncwrelay.local.secrets.Secrets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Kafka, the schema registry, the Fireblocks simulator and the four services, each in a separate process, and RabbitMQ where
 * it is wanted and can run. {@link #start} leaves alone what runs and is current, so it also repairs a stack of which a
 * process has crashed, and restarts what was built again or has other settings.
 */
public final class Stack {

    public static final String KAFKA = "kafka";
    public static final String REGISTRY = "schema-registry";
    public static final String SIMULATOR = "simulator";
    public static final String INGRESS = "ingress-service";
    public static final String RPC = "rpc-service";
    public static final String DELIVERY = "delivery-service";
    public static final String CHANNEL = "channel-service";
    public static final String RABBITMQ = "rabbitmq";

    /** Erlang's name server, which RabbitMQ needs. */
    public static final String RABBITMQ_NAMES = "rabbitmq-epmd";

    public static final Set<String> SERVICES = Set.of(INGRESS, RPC, DELIVERY, CHANNEL);

    private static final Set<String> DEPENDENCIES = Set.of(KAFKA, REGISTRY, SIMULATOR, RABBITMQ, RABBITMQ_NAMES);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Workspace workspace;
    private final RunFolder folder;
    private final Ports ports;
    private final RabbitMqComponents rabbitMq;
    private final Optional<String> withoutRabbitMq;
    private final Map<String, ManagedProcess> processes = new LinkedHashMap<>();
    private final Set<String> later = new HashSet<>();

    /** The stack without RabbitMQ. */
    public Stack(Workspace workspace, RunFolder folder, Ports ports) {
        this(workspace, folder, ports, Optional.of("not wanted"));
    }

    private Stack(Workspace workspace, RunFolder folder, Ports ports, Optional<String> withoutRabbitMq) {
        this.workspace = workspace;
        this.folder = folder;
        this.ports = ports;
        this.rabbitMq = new RabbitMqComponents(folder, ports);
        this.withoutRabbitMq = withoutRabbitMq;
        if (withoutRabbitMq.isEmpty()) {
            add(rabbitMq.all());
        }
        add(new StackComponents(workspace, folder, ports, withoutRabbitMq.isEmpty()).all());
    }

    /** The stack, with RabbitMQ if that is installed and its ports are free; {@link #withoutRabbitMq} says why it is not. */
    public static Stack withRabbitMq(Workspace workspace, RunFolder folder, Ports ports) {
        return new Stack(workspace, folder, ports, new RabbitMqComponents(folder, ports).obstacle());
    }

    /** The stack of {@code ./relay up}. */
    public static Stack up(Workspace workspace) {
        var folder = workspace.upFolder();
        return withRabbitMq(workspace, folder, Ports.standard(folder.nodes()));
    }

    /** Why RabbitMQ is no part of it, with the remedy, human-readable; empty when it is one. */
    public Optional<String> withoutRabbitMq() {
        return withoutRabbitMq;
    }

    /**
     * Checks that RabbitMQ is a part of it.
     *
     * @throws StackFailedException with the reason and the remedy, when it is not
     */
    public void requireRabbitMq() {
        withoutRabbitMq.ifPresent(reason -> {
            throw new StackFailedException("RabbitMQ cannot be part of the stack: " + reason);
        });
    }

    /** The name of a node of delivery-service, counted from 1. */
    public static String delivery(int node) {
        return node == 1 ? DELIVERY : DELIVERY + "-" + node;
    }

    /** Excludes a process that the caller runs itself. */
    public Stack without(String name) {
        processes.remove(name);
        return this;
    }

    /** Leaves a process that {@link #start(StartProgress)} would start to the caller, who starts it by its name. */
    public Stack later(String name) {
        later.add(name);
        return this;
    }

    /** Changes how processes are started. */
    public Stack changing(UnaryOperator<Component> change) {
        processes.replaceAll((_, process) -> new ManagedProcess(change.apply(process.component()), folder));
        return this;
    }

    public Ports ports() {
        return ports;
    }

    /** All processes, in start order. */
    public List<ManagedProcess> processes() {
        return List.copyOf(processes.values());
    }

    /** The part with this name. */
    public ManagedProcess process(String name) {
        return Optional.ofNullable(processes.get(name))
                .orElseThrow(() -> new NoSuchElementException("no part of the stack is called " + name + "; it has "
                        + String.join(", ", processes.keySet())));
    }

    public boolean isRunning() {
        return processes().stream().allMatch(process -> process.running().isPresent());
    }

    /** The running processes whose program was built again since they started, or whose settings are others now. */
    public List<ManagedProcess> outdated() {
        return processes().stream().filter(ManagedProcess::isOutdated).toList();
    }

    /**
     * Starts every process that is not running or is outdated, and returns when all are ready.
     *
     * @throws StackFailedException when one does not become ready; the others keep running
     */
    public void start(StartProgress progress) throws InterruptedException {
        var began = Instant.now();
        new Secrets(folder.secrets()).makeKeysOfDelivery();
        stopServicesFirst(outdated());
        try {
            processes().forEach(ManagedProcess::requireFreePort);
            startRabbitMq();
            launch(KAFKA, REGISTRY, SIMULATOR);
            unpackServices();
            // rpc-service and channel-service do not start without the credentials that the simulator creates.
            await(began, progress, SIMULATOR);
            launch(services());
            await(began, progress, KAFKA, REGISTRY);
            Provisioning.run(ports, folder.partitions());
            await(began, progress, services());
            await(began, progress, RABBITMQ);
        } catch (PortInUseException e) {
            throw new StackFailedException(e.getMessage(), e);
        }
    }

    /** Starts these processes in parallel and returns when all are ready. */
    public void start(String... names) throws InterruptedException {
        for (var name : names) {
            process(name).start();
        }
        await(Instant.now(), new NoProgress(), names);
    }

    /** Stops these processes in parallel and returns when all have ended. */
    public void stop(String... names) {
        stop(named(names));
    }

    /** Stops all processes: the services first, then what they depend on. */
    public void stop() {
        stopServicesFirst(processes());
    }

    private String[] services() {
        return processes.keySet().stream()
                .filter(name -> !DEPENDENCIES.contains(name) && !later.contains(name))
                .toArray(String[]::new);
    }

    private void add(List<Component> components) {
        for (var component : components) {
            processes.put(component.name(), new ManagedProcess(component, folder));
        }
    }

    private static void stopServicesFirst(List<ManagedProcess> processes) {
        stop(processes.stream()
                .filter(process -> !DEPENDENCIES.contains(process.component().name()))
                .toList());
        stop(processes);
    }

    private static void stop(List<ManagedProcess> processes) {
        inParallel(processes.stream().map(process -> process::stop));
    }

    /** It starts for seconds, beside the others; its name server must be there before. */
    void startRabbitMq() throws InterruptedException {
        if (withoutRabbitMq.isEmpty()) {
            rabbitMq.configure();
            start(RABBITMQ_NAMES);
            launch(RABBITMQ);
        }
    }

    private void launch(String... names) {
        named(names).forEach(ManagedProcess::start);
    }

    /** Unpacks the services' jars that the build has made anew. */
    public void unpackServices() {
        inParallel(SERVICES.stream()
                .filter(processes::containsKey)
                .map(name -> () -> UnpackedService.prepare(workspace, name)));
    }

    /** The AOT cache of a service. */
    public AotCache aotCache(String service) {
        return AotCache.of(workspace, service);
    }

    private static void inParallel(Stream<Runnable> tasks) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            tasks.map(task -> CompletableFuture.runAsync(task, threads))
                    .toList()
                    .forEach(CompletableFuture::join);
        }
    }

    private void await(Instant began, StartProgress progress, String... names) throws InterruptedException {
        var waiting = new LinkedHashMap<String, ManagedProcess>();
        named(names).forEach(process -> waiting.put(process.component().name(), process));
        while (!waiting.isEmpty()) {
            var since = Duration.between(began, Instant.now());
            for (var process : List.copyOf(waiting.values())) {
                var component = process.component();
                if (component.probe().isReady()) {
                    waiting.remove(component.name());
                    progress.done(component.name(), "127.0.0.1:" + component.port(), since);
                } else {
                    failIf(process, running -> running.running().isEmpty(), "has ended");
                    failIf(
                            process,
                            _ -> since.compareTo(START_TIMEOUT) > 0,
                            "is not ready after " + START_TIMEOUT.toSeconds() + " s");
                }
            }
            if (!waiting.isEmpty()) {
                progress.waiting(String.join(", ", waiting.keySet()), since);
                Thread.sleep(PAUSE);
            }
        }
    }

    private List<ManagedProcess> named(String... names) {
        return Arrays.stream(names).map(processes::get).filter(Objects::nonNull).toList();
    }

    private static void failIf(ManagedProcess process, Predicate<ManagedProcess> fault, String what) {
        if (fault.test(process)) {
            throw new StackFailedException(process.component().name() + " " + what + "; its log " + process.log()
                    + " ends with:\n" + process.lastLines());
        }
    }

    private static final class NoProgress implements StartProgress {
        @Override
        public void waiting(String what, Duration since) {}

        @Override
        public void done(String what, String where, Duration took) {}
    }
}
