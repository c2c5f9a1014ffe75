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
 * The TypeScript client on 200 devices, over all transports: behind a load balancer that takes three nodes in turn, whether
 * they run or not, and cuts a fifth of all connections; with tokens that expire; while nodes are killed, stopped and started.
 */
@Tag("brokers")
class ClientChaosIT {

    private static final int DEVICES = 200;
    private static final Duration TOKEN_LIFETIME = Duration.ofSeconds(15);

    /** Per client, beside three for each message: one that carries it, one that acknowledges it, and one that was cut. */
    private static final int REQUESTS_OF_RECONNECTS = 100;

    private static final RunningStack stack = RunningStack.get();
    private static final List<URI> NODES = IntStream.rangeClosed(1, RunningStack.NODES)
            .mapToObj(stack::delivery)
            .toList();

    private final List<String> sent = new ArrayList<>();

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
        try (var fleet = ClientFleet.start(apps, NODES, issuer, TOKEN_LIFETIME)) {
            send(apps, 3);
            fleet.awaitServed(sent.size());
            stack.kill(Stack.delivery(2));
            send(apps, 3);
            fleet.awaitServed(sent.size());
            stack.stop(Stack.delivery(3));
            send(apps, 3);
            fleet.awaitServed(sent.size());
            stack.start(nodes(1));
            send(apps, 3);
            stack.kill(Stack.DELIVERY);
            send(apps, 3);
            fleet.awaitServed(sent.size());
            stack.start(nodes(1));
            send(apps, 3);
            fleet.awaitServed(sent.size());
            results = fleet.end();
        }

        print(results);
        assertThat(results).hasSize(DEVICES).allSatisfy(result -> {
            assertThat(result.path("failure").asString("")).isEmpty();
            assertThat(texts(result.path("received"))).isEqualTo(sent);
            assertThat(result.path("requests").asInt())
                    .as(result.path("transport").asString())
                    .isLessThanOrEqualTo(3 * sent.size() + REQUESTS_OF_RECONNECTS);
        });
        assertThat(results.stream().mapToInt(result -> result.path("tokens").asInt()))
                .anyMatch(tokens -> tokens > 1);
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
