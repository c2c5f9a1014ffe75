package dev.ncwrelay.ingress.webhook;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Where bodies are verified and decoded: small ones each at once on a virtual thread, large ones, which take
 * milliseconds, on half of the processors, where they are read, too. So large bodies cannot delay small ones, and a queue of them is bounded by
 * the bytes of bodies in memory.
 */
final class BodyExecutors implements AutoCloseable {

    private final ExecutorService small = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService large = Executors.newFixedThreadPool(
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
            Thread.ofPlatform().name("large-bodies-", 0).daemon().factory());
    private final Duration forgedDelay;

    BodyExecutors(Duration forgedDelay) {
        this.forgedDelay = forgedDelay;
    }

    /** For short work that belongs to no body. */
    Executor executor() {
        return small;
    }

    /** Where a body of this length has its turns. */
    Executor of(long length) {
        return length > BodyBudget.MAX_SMALL_BYTES ? large : small;
    }

    /** Runs work on a body of this length; its result completes on a thread of the small lane. */
    CompletableFuture<WebhookOutcome> run(int length, Supplier<CompletableFuture<WebhookOutcome>> work) {
        return CompletableFuture.completedFuture(length)
                .thenComposeAsync(_ -> work.get(), of(length))
                .thenApplyAsync(outcome -> outcome, small);
    }

    /**
     * Holds the answer to a forged signature back, so that one connection has few of them verified: for half of the
     * delay to one and a half, so that those of many connections do not come back all at once.
     */
    CompletableFuture<WebhookOutcome> delayed(WebhookOutcome outcome) {
        long millis = Math.round(
                forgedDelay.toMillis() * (0.5 + ThreadLocalRandom.current().nextDouble()));
        var executor = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, small);
        return CompletableFuture.supplyAsync(() -> outcome, executor);
    }

    @Override
    public void close() {
        small.shutdown();
        large.shutdown();
    }
}
