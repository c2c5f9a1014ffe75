package dev.ncwrelay.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The calls of a device: each request id runs once, and its answer can be read again. */
final class Calls {

    private record Known(String message, CompletableFuture<String> answer) {}

    private final Map<String, Known> known = new HashMap<>();
    private final List<String> executed = new ArrayList<>();
    private final List<String> requestIds = new ArrayList<>();
    private Function<String, CompletableFuture<String>> fireblocks =
            payload -> CompletableFuture.completedFuture("{\"result\":{}}");

    /** What Fireblocks answers to a payload; a {@link Refusal} is the relay's. */
    synchronized void answer(Function<String, CompletableFuture<String>> answers) {
        fireblocks = answers;
    }

    /** Payloads that Fireblocks has got, in order. */
    synchronized List<String> executed() {
        return List.copyOf(executed);
    }

    /** Request ids of all requests, repeated ones included. */
    synchronized List<String> requestIds() {
        return List.copyOf(requestIds);
    }

    synchronized CompletableFuture<String> start(String id, String message) {
        requestIds.add(id);
        var before = known.get(id);
        if (before != null && !before.message().equals(message)) {
            throw new Refusal(409, "request-id-in-use");
        }
        if (before != null) {
            return before.answer();
        }
        executed.add(message);
        var answer = fireblocks.apply(message);
        known.put(id, new Known(message, answer));
        return answer;
    }

    synchronized CompletableFuture<String> find(String id) {
        var found = known.get(id);
        if (found == null) {
            throw new Refusal(404, "unknown-request");
        }
        return found.answer();
    }
}
