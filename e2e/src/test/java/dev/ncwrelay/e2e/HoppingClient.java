package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An app behind a round-robin load balancer: it polls with its cursor, and when a node is unreachable or answers that
 * the request should be repeated, it does so at the next node.
 */
final class HoppingClient implements Runnable {

    private final App app;
    private final List<URI> nodes;
    private final AtomicInteger turn;
    private final HttpClient http;
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final AtomicInteger unreachable = new AtomicInteger();
    private volatile boolean stopped;

    HoppingClient(App app, List<URI> nodes, AtomicInteger turn, HttpClient http) {
        this.app = app;
        this.nodes = nodes;
        this.turn = turn;
        this.http = http;
    }

    App app() {
        return app;
    }

    /** Ids of the received transactions, in order. */
    List<String> received() {
        return received;
    }

    /** Responses that a client which follows the protocol must not receive. */
    List<String> faults() {
        return faults;
    }

    /** How many requests ended without a response. */
    int unreachable() {
        return unreachable.get();
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try {
            var body = "{\"wait\":20}";
            while (!stopped) {
                body = poll(body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String poll(String body) throws InterruptedException {
        var node = nodes.get(Math.floorMod(turn.getAndIncrement(), nodes.size()));
        HttpResponse<byte[]> answer;
        try {
            answer = http.send(
                    app.request(node, "/v1/devices/" + app.deviceId() + "/messages:poll")
                            .timeout(Duration.ofSeconds(40))
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofByteArray());
        } catch (IOException e) {
            // The node is down, and the load balancer has not noticed yet.
            unreachable.incrementAndGet();
            Thread.sleep(Duration.ofMillis(100));
            return body;
        }
        var retryAfter = answer.headers().firstValue("Retry-After");
        if (answer.statusCode() == 503 && retryAfter.isPresent()) {
            Thread.sleep(Duration.ofSeconds(Long.parseLong(retryAfter.get())));
            return body;
        }
        if (answer.statusCode() != 200) {
            faults.add(App.text(answer));
            return body;
        }
        var page = App.JSON.readTree(answer.body());
        page.path("messages")
                .forEach(message -> received.add(message.at("/data/id").asString()));
        assertThat(page.path("next").asString()).isNotEmpty();
        return "{\"wait\":20,\"after\":\"" + page.path("next").asString() + "\"}";
    }
}
