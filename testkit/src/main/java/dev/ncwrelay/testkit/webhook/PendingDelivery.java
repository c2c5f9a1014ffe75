package dev.ncwrelay.testkit.webhook;

import dev.ncwrelay.testkit.http.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A webhook on its way: its attempts so far and how it ends. */
public final class PendingDelivery {
    private final Bytes body;
    private final List<Attempt> attempts = new ArrayList<>();
    private final CompletableFuture<Attempt> first = new CompletableFuture<>();
    private final CompletableFuture<Delivery> end = new CompletableFuture<>();

    PendingDelivery(Bytes body) {
        this.body = body;
    }

    /** How the delivery stands now. */
    public Delivery now() {
        return end.getNow(new Delivery(body, Delivery.State.IN_PROGRESS, attempts()));
    }

    /** The attempts that have ended so far. */
    public List<Attempt> attempts() {
        synchronized (attempts) {
            return List.copyOf(attempts);
        }
    }

    /** Completes with the first attempt, however it went. */
    public CompletableFuture<Attempt> first() {
        return first.copy();
    }

    /** Completes when the webhook was delivered or given up. */
    public CompletableFuture<Delivery> end() {
        return end.copy();
    }

    /** Waits for the end. */
    public Delivery join() {
        return end.join();
    }

    /** Takes note of an attempt and of how the delivery stands after it. */
    void add(Attempt attempt, Delivery.State state) {
        synchronized (attempts) {
            attempts.add(attempt);
        }
        if (state != Delivery.State.IN_PROGRESS) {
            end.complete(new Delivery(body, state, attempts()));
        }
        // Last, so that who waits for the first attempt sees whether it was also the end.
        first.complete(attempt);
    }
}
