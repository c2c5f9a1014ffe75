package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.local.stack.Stack;
import dev.ncwrelay.testkit.webhook.Delivery;
import dev.ncwrelay.testkit.webhook.PendingDelivery;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The TypeScript client on 200 devices, over all transports: behind a load balancer that takes three nodes in turn, loses
 * a connection whenever it finds that one is down, and cuts others at any byte; with tokens that expire; while nodes are killed, stopped and started.
 */
@Tag("brokers")
class ClientChaosIT {

    private static final int DEVICES = 200;
    private static final int ROUNDS = 3;
    private static final Duration TOKEN_LIFETIME = Duration.ofSeconds(15);

    /** Requests of a client: to receive and to acknowledge each message, and 60 for cuts and stopped nodes. */
    private static final int MAX_REQUESTS = 2 * 6 * ROUNDS + 60;

    /** It may have one more for each, because held requests and tokens end: a busy machine takes longer for the same messages. */
    private static final Duration PER_REQUEST = Duration.ofSeconds(4);

    private static final RunningStack stack = RunningStack.get();
    private static final List<URI> NODES = IntStream.rangeClosed(1, RunningStack.NODES)
            .mapToObj(stack::delivery)
            .toList();

    private final List<String> sent = new ArrayList<>();
    private int cuts;

    @BeforeEach
    void startAllNodes() throws Exception {
        JavaScript.buildClient();
        stack.start(nodes(1));
    }

    @AfterEach
    void stopAllButTheFirst() throws InterruptedException {
        stack.start(Stack.DELIVERY);
        stack.stop(nodes(2));
    }

    @Test
    void clients_loseRepeatAndReorderNothing_whateverFails() throws Exception {
        var apps = stack.newApps(DEVICES);
        var issuer = URI.create(stack.fireblocks().oidc().issuer());
        List<JsonNode> results;
        long began = System.nanoTime();
        try (var fleet = ClientFleet.start(apps, NODES, issuer, TOKEN_LIFETIME)) {
            serve(fleet, apps, "all nodes run");
            stack.kill(Stack.delivery(2));
            serve(fleet, apps, "one was killed");
            stack.stop(Stack.delivery(3));
            serve(fleet, apps, "another was stopped");
            stack.start(nodes(1));
            serve(fleet, apps, "both came back");
            stack.kill(Stack.DELIVERY);
            serve(fleet, apps, "the third was killed");
            stack.start(nodes(1));
            serve(fleet, apps, "it came back");
            results = fleet.end();
        }

        long maxRequests =
                MAX_REQUESTS + Duration.ofNanos(System.nanoTime() - began).dividedBy(PER_REQUEST);

        print(results);
        assertThat(results).hasSize(DEVICES).allSatisfy(result -> {
            assertThat(result.path("failure").asString("")).isEmpty();
            assertThat(texts(result.path("received"))).isEqualTo(sent);
            assertThat(result.path("requests").asLong())
                    .as(result.path("transport").asString())
                    .isLessThanOrEqualTo(maxRequests);
        });
        // Their connections end with the token.
        assertThat(results)
                .filteredOn(result -> List.of("websocket", "sse")
                        .contains(result.path("transport").asString()))
                .allSatisfy(result -> assertThat(result.path("tokens").asInt()).isGreaterThan(1));
        assertThat(cuts).isPositive();
    }

    private void serve(ClientFleet fleet, List<App> apps, String when) {
        send(apps, ROUNDS);
        long began = System.nanoTime();
        cuts = fleet.awaitServed(sent.size());
        System.out.printf(
                "e2e clients: %s; each served %d ms after all was sent, %d connections cut so far%n",
                when, (System.nanoTime() - began) / 1_000_000, cuts);
    }

    /** Rounds of a webhook for each app, all of a round accepted before the next. */
    private void send(List<App> apps, int rounds) {
        for (int round = 0; round < rounds; round++) {
            var transaction = "tx-" + sent.size();
            var deliveries = apps.stream()
                    .map(app ->
                            stack.webhooks().send(app.transaction(transaction).bytes()))
                    .toList();
            assertThat(deliveries.stream().map(PendingDelivery::join).map(Delivery::status))
                    .containsOnly(200);
            sent.add(transaction);
        }
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }

    private static void print(List<JsonNode> results) {
        for (var transport : List.of("auto", "websocket", "sse", "longpoll")) {
            var requests = results.stream()
                    .filter(result -> result.path("transport").asString().equals(transport))
                    .mapToInt(result -> result.path("requests").asInt())
                    .summaryStatistics();
            System.out.printf(
                    "e2e clients: %s, requests of a client: %.0f on average, %d at most%n",
                    transport, requests.getAverage(), requests.getMax());
        }
    }

    private static String[] nodes(int first) {
        return IntStream.rangeClosed(first, RunningStack.NODES)
                .mapToObj(Stack::delivery)
                .toArray(String[]::new);
    }
}
