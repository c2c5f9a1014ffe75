package dev.ncwrelay.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * delivery-service's protocol for one device, {@code d-1}, as its openapi.yaml and asyncapi.yaml describe it: strict about
 * what it gets, so that a client which passes here sends nothing that the real service would reject.
 */
final class FakeRelay extends Dispatcher implements AutoCloseable {

    static final JsonMapper JSON = new JsonMapper();
    private static final String DEVICE = "/base/v1/devices/d-1/";
    private static final Logger LOG = Logger.getLogger(MockWebServer.class.getName());

    /** An answer for the next request of an operation. */
    private record Planned(String operations, MockResponse response) {}

    private final MockWebServer server = new MockWebServer();
    private final DeviceLog log = new DeviceLog();
    private final Calls calls = new Calls();
    private final Set<String> tokens = new HashSet<>(Set.of("token-1"));
    private final List<Planned> planned = new ArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final List<FakeConnection> connections = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> claims = new HashMap<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final CompletableFuture<String> closing = new CompletableFuture<>();
    private int window = 256;
    private boolean isClosed;

    private FakeRelay() {}

    static FakeRelay start() throws IOException {
        LOG.setLevel(Level.OFF);
        var relay = new FakeRelay();
        relay.server.setDispatcher(relay);
        relay.server.start(InetAddress.getLoopbackAddress(), 0);
        return relay;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getPort() + "/base/");
    }

    int port() {
        return server.getPort();
    }

    DeviceLog log() {
        return log;
    }

    Calls calls() {
        return calls;
    }

    /** Every request, as method and path below the device. */
    List<String> requests() {
        return requests;
    }

    /** Protocol errors of the client. */
    List<String> violations() {
        return violations;
    }

    /** How many messages were written. */
    AtomicInteger sent() {
        return sent;
    }

    int window() {
        return window;
    }

    void window(int messages) {
        window = messages;
    }

    /** Streams and WebSockets that are open. */
    List<FakeConnection> connections() {
        return connections;
    }

    synchronized void accept(String... valid) {
        tokens.clear();
        tokens.addAll(List.of(valid));
    }

    /** Answers the next request whose operation matches. */
    synchronized void answer(String operations, MockResponse response) {
        planned.add(new Planned(operations, response));
    }

    void refuse(String operations, Refusal refusal) {
        answer(operations, problem(refusal));
    }

    /** Adds messages with these ids, whose data is {@code {"id": ...}}. */
    void publish(List<String> ids) {
        ids.forEach(id -> log.append(id, "{\"id\":\"" + id + "\"}"));
        changed();
    }

    /** What waits looks again. */
    void changed() {
        synchronized (this) {
            notifyAll();
        }
        connections.forEach(FakeConnection::wake);
    }

    /** Ends all connections as a node does that stops. */
    void farewell() {
        connections.forEach(FakeConnection::farewell);
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
            notifyAll();
        }
        closing.complete("closing");
        farewell();
        server.close();
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
        var path = request.getUrl().encodedPath();
        var operation = path.startsWith(DEVICE) ? path.substring(DEVICE.length()) : "";
        requests.add(request.getMethod() + " " + operation);
        try {
            var answer = planned(operation);
            if (answer != null) {
                return answer;
            }
            authorize(request);
            return route(operation, request);
        } catch (Refusal refusal) {
            if (refusal.status() == 400) {
                violations.add(refusal.getMessage());
            }
            return problem(refusal);
        } catch (RuntimeException e) {
            violations.add(e.toString());
            return problem(new Refusal(500, "internal-error"));
        }
    }

    private synchronized @Nullable MockResponse planned(String operation) {
        for (var one : planned) {
            if (operation.matches(one.operations())) {
                planned.remove(one);
                return one.response();
            }
        }
        return null;
    }

    private synchronized void authorize(RecordedRequest request) {
        var header = request.getHeaders().get("Authorization");
        if (header == null || !tokens.contains(header.replace("Bearer ", ""))) {
            throw new Refusal(401, "unauthorized");
        }
    }

    private MockResponse route(String operation, RecordedRequest request) throws InterruptedException {
        var url = request.getUrl();
        return switch (request.getMethod() + " " + operation.replaceFirst("/.*", "")) {
            case "POST messages:poll" -> poll(body(request, Set.of("consumer", "ack", "after", "wait", "limit")));
            case "GET messages" -> json("{\"messages\":[],\"next\":\"c\"}");
            case "POST acks" -> {
                var body = body(request, Set.of("consumer", "ack"));
                log.acknowledge(
                        body.path("consumer").asString(""), body.path("ack").asString());
                yield new MockResponse.Builder().code(204).build();
            }
            case "GET stream" -> {
                var named = url.queryParameter("consumer");
                var consumer = named == null ? "" : named;
                int from = log.start(consumer, url.queryParameter("after"));
                log.requireStored(from);
                yield FakeEventStream.open(this, consumer, from);
            }
            case "GET ws" ->
                new MockResponse.Builder()
                        .setHeader("Sec-WebSocket-Protocol", "ncw.relay.v1+json")
                        .webSocketUpgrade(new FakeSocket(this))
                        .build();
            case "POST rpc" -> {
                var id = String.valueOf(request.getHeaders().get("Request-Id"));
                var wait = String.valueOf(request.getHeaders().get("Prefer")).replaceFirst(".*wait=", "");
                var message = body(request, Set.of("message")).path("message").asString();
                yield reply(id, calls.start(id, message), Integer.parseInt(wait));
            }
            case "GET rpc" -> {
                var id = operation.substring(4);
                yield reply(id, calls.find(id), Integer.parseInt(String.valueOf(url.queryParameter("wait"))));
            }
            default -> throw new Refusal(404, "not-found");
        };
    }

    private MockResponse poll(JsonNode body) throws InterruptedException {
        var consumer = body.path("consumer").asString("");
        if (body.has("ack")) {
            log.acknowledge(consumer, body.path("ack").asString());
        }
        int generation = log.generation();
        int limit = range("limit", body.path("limit").asInt(), 1, 100);
        int from = log.start(consumer, body.path("after").asString(null));
        log.requireStored(from);
        awaitMessage(consumer, from, generation, range("wait", body.path("wait").asInt(), 0, 50));
        log.requireGeneration(generation);
        log.requireStored(from);
        var messages = log.read(from, limit);
        sent.addAndGet(messages.size());
        return json("{\"messages\":[" + String.join(",", messages) + "],\"next\":\""
                + log.cursor(from + messages.size()) + "\",\"more\":false,\"caughtUp\":true}");
    }

    private synchronized void awaitMessage(String consumer, int from, int generation, int seconds)
            throws InterruptedException {
        int claim = claim(consumer);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (log.generation() == generation && !log.has(from) && !isClosed && System.nanoTime() < deadline) {
            TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
            if (!consumer.isEmpty() && claims.getOrDefault(consumer, 0) != claim) {
                throw new Refusal(409, "superseded");
            }
        }
    }

    /** A named consumer's older polls and connections end. */
    synchronized int claim(String consumer) {
        if (consumer.isEmpty()) {
            return 0;
        }
        notifyAll();
        connections.forEach(one -> one.supersede(consumer));
        return claims.merge(consumer, 1, Integer::sum);
    }

    /** How many polls and connections this consumer has had. */
    synchronized int claims(String consumer) {
        return claims.getOrDefault(consumer, 0);
    }

    private MockResponse reply(String id, CompletableFuture<String> answer, int wait) throws InterruptedException {
        try {
            return json((String) CompletableFuture.anyOf(answer, closing).get(wait, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            return new MockResponse.Builder()
                    .code(202)
                    .body("{\"requestId\":\"" + id + "\",\"status\":\"pending\"}")
                    .build();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Refusal refusal ? refusal : new IllegalStateException(e);
        }
    }

    private static JsonNode body(RecordedRequest request, Set<String> allowed) {
        var type = String.valueOf(request.getHeaders().get("Content-Type"));
        if (!type.startsWith("application/json")) {
            throw new Refusal(415, "unsupported-media-type");
        }
        var body = JSON.readTree(request.getBody().utf8());
        requireMembers(body, allowed);
        return body;
    }

    static void requireMembers(JsonNode body, Set<String> allowed) {
        body.propertyNames().forEach(name -> {
            if (!allowed.contains(name)) {
                throw new Refusal(400, "no member " + name);
            }
        });
    }

    static int range(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new Refusal(400, name + " must be " + min + " to " + max + ", not " + value);
        }
        return value;
    }

    private static MockResponse json(String body) {
        return new MockResponse.Builder()
                .setHeader("Content-Type", "application/json")
                .body(body)
                .build();
    }

    private static MockResponse problem(Refusal refusal) {
        var body = new HashMap<String, Object>(refusal.members());
        body.putAll(Map.of("type", refusal.type(), "status", refusal.status(), "title", "t", "detail", "d"));
        var response = new MockResponse.Builder()
                .code(refusal.status())
                .setHeader("Content-Type", "application/problem+json")
                .body(JSON.writeValueAsString(body));
        if (refusal.retryAfter() != null) {
            response.setHeader("Retry-After", refusal.retryAfter());
        }
        return response.build();
    }
}
