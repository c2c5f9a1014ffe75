package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.tail.LogReader;
import dev.ncwrelay.local.layout.Ports;
import dev.ncwrelay.local.layout.RunFolder;
import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.stack.Stack;
import dev.ncwrelay.local.stack.StartProgress;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.http.Route;
import dev.ncwrelay.testkit.invoke.ApiRole;
import dev.ncwrelay.testkit.invoke.ApiUser;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.LocalRegistry;
import dev.ncwrelay.testkit.keys.SigningKey;
import dev.ncwrelay.testkit.playground.Playground;
import dev.ncwrelay.testkit.playground.PlaygroundSettings;
import dev.ncwrelay.testkit.server.Fixtures;
import dev.ncwrelay.testkit.server.Server;
import dev.ncwrelay.testkit.simulator.ControlApi;
import dev.ncwrelay.testkit.webhook.RetrySchedule;
import dev.ncwrelay.testkit.webhook.Webhooks;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One stack for all tests of the JVM, on free ports, with a Fireblocks in the test's own hands. */
final class RunningStack implements Backend {

    static final int NODES = 3;
    private static final int PARTITIONS = 12;

    private static @Nullable RunningStack instance;

    private final Stack stack;
    private final Server kafka;
    private final FakeFireblocks fireblocks;

    private RunningStack(Stack stack, Server kafka, FakeFireblocks fireblocks) {
        this.stack = stack;
        this.kafka = kafka;
        this.fireblocks = fireblocks;
    }

    static synchronized RunningStack get() {
        if (instance == null) {
            try {
                instance = start();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        return instance;
    }

    private static RunningStack start() throws InterruptedException {
        var workspace = Workspace.current();
        var name = System.getProperty("e2e.stack", "stack");
        var folder = new RunFolder(workspace.root().resolve("e2e/target").resolve(name));
        folder.clear();
        var ports = Ports.free(NODES);
        var fireblocks = FakeFireblocks.settings()
                .port(ports.simulator())
                .routes(started -> routes(started, ports))
                .start();
        fireblocks
                .invoke()
                .register(ApiUser.keptIn(folder.secrets(), ApiRole.NCW_SIGNER).registered());
        var stack = new Stack(workspace, folder, ports).without(Stack.SIMULATOR).without(Stack.CHANNEL);
        IntStream.rangeClosed(2, NODES).mapToObj(Stack::delivery).forEach(stack::later);
        Runtime.getRuntime().addShutdownHook(new Thread(stack::stop, "stop-stack"));
        var kafka = switch (Fixtures.chosen()) {
            case EMBEDDED -> new KafkaProcess(stack);
            case CONTAINERS -> inContainers(stack);
        };
        stack.start(new Lines());
        return new RunningStack(stack, kafka, fireblocks);
    }

    /** What the simulator has: the control API, and the playground's page. */
    private static List<Route> routes(FakeFireblocks fireblocks, Ports ports) {
        var routes = new ArrayList<>(ControlApi.routes(fireblocks, webhooks(fireblocks, ports)));
        var kafka = new PlaygroundSettings.Kafka(
                "127.0.0.1:" + ports.kafka(), URI.create("http://127.0.0.1:" + ports.registry()));
        routes.addAll(
                new Playground(new PlaygroundSettings(ports.deliveryUrls(), Optional.of(kafka))).routes(fireblocks));
        return routes;
    }

    /** Starts Kafka and the registry of the stack in containers, and returns Kafka. */
    private static Server inContainers(Stack stack) {
        stack.without(Stack.KAFKA).without(Stack.REGISTRY);
        var registry = CompletableFuture.supplyAsync(
                () -> LocalRegistry.start(stack.ports().registry()));
        var kafka = LocalKafka.startPausable(stack.ports().kafka());
        registry.join();
        return kafka;
    }

    /** The broker, which a test may take down. */
    Server kafka() {
        return kafka;
    }

    FakeFireblocks fireblocks() {
        return fireblocks;
    }

    /** A key under the id of Fireblocks' current one, of the same size: what it signs is refused only after the check. */
    SigningKey forgedKey() {
        var current = fireblocks.keys().current();
        return Stream.generate(() -> SigningKey.ofFireblocksSize(current.kid()))
                .filter(key -> !key.publicKey().equals(current.publicKey()))
                .findFirst()
                .orElseThrow();
    }

    /** Sends webhooks to ingress-service, once. */
    Webhooks webhooks() {
        return webhooks(fireblocks, stack.ports());
    }

    private static Webhooks webhooks(FakeFireblocks fireblocks, Ports ports) {
        return fireblocks
                .webhooks()
                .to(URI.create("http://127.0.0.1:" + ports.ingress() + "/webhooks/fireblocks"))
                .retrying(RetrySchedule.none());
    }

    /** A new device of a new wallet of a new user, registered, and known to ingress-service. */
    App newApp() {
        var app = App.register(this);
        awaitDevicesKnown();
        return app;
    }

    /** As many of them. */
    List<App> newApps(int count) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var apps = Stream.generate(() -> CompletableFuture.supplyAsync(() -> App.register(this), threads))
                    .limit(count)
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
            awaitDevicesKnown();
            return apps;
        }
    }

    /** Until then an event is kept for the device, and may be delivered after a later one. */
    private void awaitDevicesKnown() {
        double registered = Metrics.value(deliveryManagement(1), Metrics.DEVICES);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(Metrics.value(ingressManagement(), Metrics.DEVICES))
                        .isGreaterThanOrEqualTo(registered));
    }

    private URI ingressManagement() {
        return URI.create("http://127.0.0.1:" + stack.ports().ingressManagement());
    }

    @Override
    public String token(String subject, String scopes) {
        return fireblocks.oidc().token(subject, scopes);
    }

    @Override
    public URI delivery() {
        return URI.create("http://127.0.0.1:" + stack.ports().delivery());
    }

    /** A node of delivery-service, counted from 1; only the first runs unless started. */
    URI delivery(int node) {
        return URI.create("http://127.0.0.1:"
                + stack.ports().deliveryNodes().get(node - 1).http());
    }

    /** Health and metrics of a node of delivery-service. */
    URI deliveryManagement(int node) {
        return URI.create("http://127.0.0.1:"
                + stack.ports().deliveryNodes().get(node - 1).management());
    }

    URI ingress() {
        return URI.create("http://127.0.0.1:" + stack.ports().ingress());
    }

    /** True when every running service is ready. */
    boolean isReady() throws InterruptedException {
        for (var process : stack.processes()) {
            if (process.running().isPresent() && !process.component().probe().isReady()) {
                return false;
            }
        }
        return true;
    }

    /** How many events the log holds for a device. */
    long eventsOf(String deviceId) {
        var kafka = KafkaConnection.to(bootstrapServers(), PARTITIONS, Map.of("fetch.max.wait.ms", "50"));
        var partition = new TopicPartition(Topics.DEVICE_EVENTS.name(), DevicePartition.of(deviceId, PARTITIONS));
        var count = new AtomicLong();
        try (var consumer = new KafkaConsumer<String, byte[]>(kafka.consumer("count-events"))) {
            new LogReader(consumer).read(Map.of(partition, 0L), found -> {
                if (deviceId.equals(found.key())) {
                    count.incrementAndGet();
                }
            });
        }
        return count.get();
    }

    String bootstrapServers() {
        return "127.0.0.1:" + stack.ports().kafka();
    }

    URI registry() {
        return URI.create("http://127.0.0.1:" + stack.ports().registry());
    }

    void kill(String part) {
        stack.process(part).kill();
    }

    /** Stops parts at once and returns when all have ended. */
    void stop(String... parts) {
        stack.stop(parts);
    }

    /** Starts what does not run of these at once and returns when all serve. */
    void start(String... parts) throws InterruptedException {
        stack.start(parts);
    }

    private static final class Lines implements StartProgress {
        @Override
        public void waiting(String what, Duration since) {}

        @Override
        public void done(String what, String where, Duration took) {
            System.out.println("e2e stack: " + what + " " + where + " after " + took.toMillis() + " ms");
        }
    }
}
