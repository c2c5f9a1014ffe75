package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Many apps with the TypeScript client behind one bad load balancer: clients/typescript/test/chaos.ts, in one process. */
final class ClientFleet implements AutoCloseable {

    private final Process process;
    private final PrintStream orders;
    private final BufferedReader answers;
    private final int size;

    private ClientFleet(Process process, int size) {
        this.process = process;
        this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.size = size;
    }

    /** Starts them; each follows its messages from the first, over one transport or the best. */
    static ClientFleet start(List<App> apps, List<URI> nodes, URI issuer, Duration tokenLifetime) throws IOException {
        var process = JavaScript.CLIENT.start("node", "build/test/chaos.js");
        var fleet = new ClientFleet(process, apps.size());
        fleet.orders.println(App.JSON.writeValueAsString(Map.of(
                "nodes", nodes.stream().map(URI::getPort).toList(),
                "tokens", issuer + "/token",
                "lifetimeSeconds", tokenLifetime.toSeconds(),
                "devices",
                        apps.stream()
                                .map(app -> Map.of("deviceId", app.deviceId(), "userId", app.userId()))
                                .toList())));
        System.out.println("e2e clients: " + fleet.answer(Duration.ofMinutes(1)));
        return fleet;
    }

    /** Returns when each app has received so many messages, or has ended with a failure: how many connections were cut. */
    int awaitServed(int count) {
        orders.println("served " + count);
        var answer = answer(Duration.ofMinutes(2));
        assertThat(answer.path("served").asInt()).isEqualTo(count);
        return answer.path("cuts").asInt();
    }

    /** Ends all apps, and returns what became of each. */
    List<JsonNode> end() {
        orders.println("end");
        return IntStream.range(0, size)
                .mapToObj(_ -> answer(Duration.ofMinutes(1)))
                .toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private JsonNode answer(Duration timeout) {
        var line = CompletableFuture.supplyAsync(this::readLine, Thread::startVirtualThread);
        return App.JSON.readTree(
                line.orTimeout(timeout.toSeconds(), TimeUnit.SECONDS).join());
    }

    private String readLine() {
        try {
            var line = answers.readLine();
            assertThat(line).as("an answer of the clients' process").isNotNull();
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
