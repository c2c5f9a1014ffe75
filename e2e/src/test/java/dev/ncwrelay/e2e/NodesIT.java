package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.local.demo.StreamClients;
import dev.ncwrelay.local.stack.Stack;
import dev.ncwrelay.testkit.webhook.Delivery;
import dev.ncwrelay.testkit.webhook.PendingDelivery;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three nodes of delivery-service behind a round-robin load balancer without session affinity. */
@Tag("brokers")
class NodesIT {

    private static final int DEVICES = 500;

    private static final RunningStack stack = RunningStack.get();
    private static final List<URI> NODES = IntStream.rangeClosed(1, RunningStack.NODES)
            .mapToObj(stack::delivery)
            .toList();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger turn = new AtomicInteger();

    @BeforeAll
    static void startAllNodes() throws InterruptedException {
        stack.start(nodes(1));
    }

    @AfterEach
    void startWhatIsNotRunning() throws InterruptedException {
        startAllNodes();
    }

    @AfterAll
    static void stopAllButTheFirst() {
        stack.stop(nodes(2));
    }

    @Test
    void polls_hopFreelyWithTheirCursor() {
        var client = new HoppingClient(stack.newApp(), NODES, turn, http);
        var sent = new ArrayList<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.execute(client);
            for (int round = 0; round < 30; round++) {
                send(List.of(client), "tx-" + round, sent);
            }
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(client.received()).hasSameSizeAs(sent));
            client.stop();
            threads.shutdownNow();
        }

        assertThat(client.received()).isEqualTo(sent);
        assertThat(client.faults()).isEmpty();
    }

    @Test
    void streamsAndSockets_hopFreelyWithTheirCursor() throws Exception {
        var app = stack.newApp();
        var streams = new StreamClients(http);
        var authorization = app.authorization();
        var path = "/v1/devices/" + app.deviceId();
        var cursor = "earliest";
        for (int round = 0; round < 12; round++) {
            var node = NODES.get(round % NODES.size());
            stack.webhooks().send(app.transaction("tx-" + round).bytes()).join();

            var message = round % 2 == 0
                    ? streams.nextEvent(
                            node.resolve(path + "/stream").toString(), Map.of("Authorization", authorization), cursor)
                    : streams.nextSocketMessage("ws://" + node.getAuthority() + path + "/ws", authorization, cursor)
                            .join();

            assertThat(message.at("/data/id").asString()).as("round %s", round).isEqualTo("tx-" + round);
            cursor = message.path("cursor").asString();
        }
    }

    @Test
    void clients_missNothing_whenNodesAreKilledAndStoppedUnderHeldPolls() throws Exception {
        var clients = stack.newApps(DEVICES).stream()
                .map(app -> new HoppingClient(app, NODES, turn, http))
                .toList();
        var sent = new ArrayList<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            clients.forEach(threads::execute);
            await().atMost(Duration.ofSeconds(60)).until(() -> held() >= DEVICES * 0.9);

            send(clients, "before", sent);
            stack.kill(Stack.delivery(2));
            send(clients, "after the kill", sent);
            served(clients, sent, "a node was killed");
            stack.stop(Stack.delivery(3));
            send(clients, "after the stop", sent);
            served(clients, sent, "another was stopped");
            startAllNodes();
            send(clients, "after the return", sent);
            served(clients, sent, "both came back");
            stopAll(clients, threads);
        }

        assertThat(clients).allSatisfy(client -> {
            assertThat(client.received()).isEqualTo(sent);
            assertThat(client.faults()).isEmpty();
        });
    }

    private static String[] nodes(int first) {
        return IntStream.rangeClosed(first, RunningStack.NODES)
                .mapToObj(Stack::delivery)
                .toArray(String[]::new);
    }

    private static void served(List<HoppingClient> clients, List<String> sent, String after) {
        long began = System.nanoTime();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(clients)
                        .filteredOn(client -> client.received().size() != sent.size())
                        .isEmpty());
        System.out.printf(
                "e2e nodes: every device served %d ms after %s and all was sent%n",
                (System.nanoTime() - began) / 1_000_000, after);
    }

    /** One webhook for each, all accepted when it returns. */
    private static void send(List<HoppingClient> clients, String transaction, List<String> sent) {
        Stream<PendingDelivery> deliveries = clients.stream()
                .map(client -> stack.webhooks()
                        .send(client.app().transaction(transaction).bytes()))
                .toList()
                .stream();
        assertThat(deliveries.map(PendingDelivery::join).map(Delivery::status)).containsOnly(200);
        sent.add(transaction);
    }

    private void stopAll(List<HoppingClient> clients, ExecutorService threads) {
        clients.forEach(HoppingClient::stop);
        threads.shutdownNow();
    }

    private double held() {
        return IntStream.rangeClosed(1, RunningStack.NODES)
                .mapToDouble(this::held)
                .sum();
    }

    private double held(int node) {
        return Metrics.value(stack.deliveryManagement(node), "relay_waits_active");
    }
}
