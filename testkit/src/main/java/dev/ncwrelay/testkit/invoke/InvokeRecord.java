package dev.ncwrelay.testkit.invoke;

import dev.ncwrelay.testkit.http.Answer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest accepted and rejected calls; older ones are removed to limit the memory of long runs. */
final class InvokeRecord {
    private static final int KEPT = 20_000;
    private static final long KEPT_BYTES = 64L << 20;

    private final Deque<InvokeExchange> exchanges = new ArrayDeque<>();
    private final Deque<Refusal> refusals = new ArrayDeque<>();
    private long bytes;

    synchronized void add(InvokeExchange exchange) {
        exchanges.add(exchange);
        bytes += size(exchange);
        while (exchanges.size() > KEPT || bytes > KEPT_BYTES) {
            bytes -= size(exchanges.remove());
        }
    }

    synchronized void add(Refusal refusal) {
        refusals.add(refusal);
        while (refusals.size() > KEPT) {
            refusals.remove();
        }
    }

    synchronized List<InvokeExchange> exchanges() {
        return List.copyOf(exchanges);
    }

    synchronized List<Refusal> refusals() {
        return List.copyOf(refusals);
    }

    synchronized void clear() {
        exchanges.clear();
        refusals.clear();
        bytes = 0;
    }

    private static long size(InvokeExchange exchange) {
        var answer = switch (exchange.answer()) {
            case Answer.Reply reply -> reply.body().size();
            case Answer.Trickle trickle -> trickle.reply().body().size();
            case Answer.Truncated truncated -> truncated.reply().body().size();
            case Answer.Cut _ -> 0;
        };
        return (long) exchange.call().body().size() + answer;
    }
}
