package dev.ncwrelay.local.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** Checks whether a process is ready. */
@FunctionalInterface
public interface Probe {

    Duration TIMEOUT = Duration.ofSeconds(2);

    /** True when it is ready now. Does not throw when the process is unreachable. */
    boolean isReady() throws InterruptedException;

    /** Ready when the URL answers 200. */
    static Probe http(String url) {
        return () -> {
            try (var http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
                var request =
                        HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
                return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
            } catch (IOException e) {
                return false;
            }
        };
    }

    /** Ready when it accepts connections on this loopback port. */
    static Probe tcp(int port) {
        return () -> {
            try (var socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        };
    }

    /** Ready when the broker describes its cluster. */
    static Probe kafka(String bootstrapServers) {
        var timeout = Long.toString(TIMEOUT.toMillis());
        Map<String, Object> config = Map.of(
                "bootstrap.servers", bootstrapServers,
                "request.timeout.ms", timeout,
                "default.api.timeout.ms", timeout);
        return () -> {
            try (var admin = Admin.create(config)) {
                return !admin.describeCluster().nodes().get().isEmpty();
            } catch (ExecutionException e) {
                return false;
            }
        };
    }
}
