package dev.ncwrelay.local.demo;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the stack over HTTP and measures each call. */
final class Http implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client = HttpClient.newHttpClient();

    /** A response, and the time from sending the request to the end of the response. */
    static final class Reply {

        private final int status;
        private final byte[] body;
        private final Duration took;

        private Reply(int status, byte[] body, Duration took) {
            this.status = status;
            this.body = body;
            this.took = took;
        }

        int status() {
            return status;
        }

        byte[] body() {
            return body;
        }

        Duration took() {
            return took;
        }

        JsonNode json() {
            return JSON.readTree(body);
        }
    }

    HttpClient client() {
        return client;
    }

    Reply get(String url, Map<String, String> headers) {
        return send(request(url, headers).GET()).join();
    }

    Reply put(String url, Map<String, String> headers, String body) {
        return send(request(url, headers).PUT(BodyPublishers.ofString(body))).join();
    }

    Reply delete(String url, Map<String, String> headers) {
        return send(request(url, headers).DELETE()).join();
    }

    Reply post(String url, Map<String, String> headers, String body) {
        return postLater(url, headers, body).join();
    }

    /** The same without waiting for the response. */
    CompletableFuture<Reply> postLater(String url, Map<String, String> headers, String body) {
        return send(request(url, headers).POST(BodyPublishers.ofString(body)));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private CompletableFuture<Reply> send(HttpRequest.Builder request) {
        var began = System.nanoTime();
        return client.sendAsync(request.build(), BodyHandlers.ofByteArray())
                .thenApply(response ->
                        new Reply(response.statusCode(), response.body(), Duration.ofNanos(System.nanoTime() - began)));
    }

    private static HttpRequest.Builder request(String url, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT);
        headers.forEach(request::header);
        return request;
    }
}
