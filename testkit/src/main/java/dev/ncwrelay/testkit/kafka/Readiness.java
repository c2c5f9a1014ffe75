package dev.ncwrelay.testkit.kafka;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;

/** Whether a server on a loopback port answers its clients. */
final class Readiness {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int OK = 200;

    private Readiness() {}

    /** The broker describes its cluster. */
    static boolean ofBroker(int port) {
        return describes(port, nodes -> !nodes.isEmpty());
    }

    /** The broker describes its cluster, and that it is in it itself. */
    static boolean ofBroker(int port, int id) {
        return describes(port, nodes -> nodes.stream().anyMatch(node -> node.id() == id));
    }

    private static boolean describes(int port, Predicate<Collection<Node>> expected) {
        var timeout = Long.toString(TIMEOUT.toMillis());
        try (var admin = Admin.create(Map.of(
                "bootstrap.servers", "127.0.0.1:" + port,
                "request.timeout.ms", timeout,
                "default.api.timeout.ms", timeout))) {
            return expected.test(admin.describeCluster().nodes().get());
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** The registry lists its subjects. */
    static boolean ofRegistry(int port) {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/apis/ccompat/v7/subjects"))
                    .timeout(TIMEOUT)
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static IllegalStateException interrupted() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted");
    }
}
