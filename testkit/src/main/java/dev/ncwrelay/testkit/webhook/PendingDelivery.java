package dev.ncwrelay.testkit.webhook;

import dev.ncwrelay.testkit.http.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A webhook that is being delivered: its attempts so far and its result. */
public final class PendingDelivery {
    private final Bytes body;
    private final List<Attempt> attempts = new ArrayList<>();
    private final CompletableFuture<Attempt> first = new CompletableFuture<>();
    private final CompletableFuture<Delivery> end = new CompletableFuture<>();

    PendingDelivery(Bytes body) {
        this.body = body;
    }

    /** The current state of the delivery. */
    public Delivery now() {
        return end.getNow(new Delivery(body, Delivery.State.IN_PROGRESS, attempts()));
    }

    /** The attempts that have ended so far. */
    public List<Attempt> attempts() {
        synchronized (attempts) {
            return List.copyOf(attempts);
        }
    }

    /** Completes with the first attempt, successful or not. */
    public CompletableFuture<Attempt> first() {
        return first.copy();
    }

    /** Completes when the webhook was delivered or the attempts are exhausted. */
    public CompletableFuture<Delivery> end() {
        return end.copy();
    }

    /** Waits for the end. */
    public Delivery join() {
        return end.join();
    }

    /** Records an attempt and the state after it. */
    void add(Attempt attempt, Delivery.State state) {
        synchronized (attempts) {
            attempts.add(attempt);
        }
        if (state != Delivery.State.IN_PROGRESS) {
            end.complete(new Delivery(body, state, attempts()));
        }
        // Last, so that the state is up to date for callers that wait for the first attempt.
        first.complete(attempt);
    }
}
