package dev.ncwrelay.testkit.playground;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The latest things that were seen, numbered from 1, and a wait for the next one. Safe for many threads; a wait occupies
 * none.
 */
final class Journal {
    private static final int KEPT = 2_000;
    private static final int PAGE = 200;

    private record Entry(long sequence, Map<String, Object> content) {}

    private final Deque<Entry> entries = new ArrayDeque<>();
    private List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
    private long sequence;

    /** Adds an entry, and ends the waits. */
    void add(String kind, Map<String, Object> details) {
        for (var one : append(kind, details)) {
            one.complete(true);
        }
    }

    private synchronized List<CompletableFuture<Boolean>> append(String kind, Map<String, Object> details) {
        sequence++;
        var content = new LinkedHashMap<String, Object>();
        content.put("sequence", sequence);
        content.put("kind", kind);
        content.putAll(details);
        entries.add(new Entry(sequence, content));
        if (entries.size() > KEPT) {
            entries.remove();
        }
        var woken = waiting;
        waiting = new ArrayList<>();
        return woken;
    }

    /** The number of the latest entry. */
    synchronized long latest() {
        return sequence;
    }

    /** The entries with a greater number, the oldest first; empty when there is none within the wait. */
    CompletionStage<List<Map<String, Object>>> after(long number, Duration wait) {
        CompletableFuture<Boolean> next;
        synchronized (this) {
            // A number of before a restart of the simulator.
            if (number > sequence || number < sequence) {
                return CompletableFuture.completedStage(read(number > sequence ? 0 : number));
            }
            next = new CompletableFuture<>();
            waiting.add(next);
        }
        return next.completeOnTimeout(false, wait.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(_ -> {
                    forgetEnded();
                    return read(number);
                });
    }

    private synchronized void forgetEnded() {
        waiting.removeIf(CompletableFuture::isDone);
    }

    private synchronized List<Map<String, Object>> read(long number) {
        return entries.stream()
                .filter(entry -> entry.sequence() > number)
                .limit(PAGE)
                .map(Entry::content)
                .toList();
    }
}
