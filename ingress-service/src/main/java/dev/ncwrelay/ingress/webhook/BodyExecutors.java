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
 * The executors that verify and decode bodies: small bodies at once on a virtual thread each; large bodies, which take
 * milliseconds, on as many threads as half of the processors, which also read them. Large bodies therefore do not delay
 * small ones, and their queue is limited by the body budget.
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

    /** For short tasks that do not depend on the size of a body. */
    Executor executor() {
        return small;
    }

    /** The executor for bodies of this length. */
    Executor of(long length) {
        return length > BodyBudget.MAX_SMALL_BYTES ? large : small;
    }

    /** Runs work on a body of this length; the result completes on a virtual thread. */
    CompletableFuture<WebhookOutcome> run(int length, Supplier<CompletableFuture<WebhookOutcome>> work) {
        return CompletableFuture.completedFuture(length)
                .thenComposeAsync(_ -> work.get(), of(length))
                .thenApplyAsync(outcome -> outcome, small);
    }

    /**
     * Delays the response to a forged signature, which limits how many of them one connection can have verified. The delay is
     * between half and one and a half of the setting, so that many connections do not retry at the same time.
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
