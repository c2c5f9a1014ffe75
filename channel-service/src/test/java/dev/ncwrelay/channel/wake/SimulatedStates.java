package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** States in memory. Reads and writes may fail. */
final class SimulatedStates implements TokenStates {

    private final Map<ChannelKey, Stored> states = new HashMap<>();
    private final Map<String, Long> resumeFrom = new HashMap<>();
    private BooleanSupplier fails = () -> false;
    private int uses;

    /** Whether the next read or write fails. */
    void failing(BooleanSupplier fails) {
        this.fails = fails;
    }

    /** How many states were to be read or written. */
    int uses() {
        return uses;
    }

    Set<ChannelKey> keys() {
        return states.keySet();
    }

    /** The subscriptions whose states are stored. */
    Set<String> stored() {
        return states.values().stream().map(Stored::subscriptionId).collect(Collectors.toSet());
    }

    boolean isBroken(Subscription subscription) {
        return new Stored(subscription.id(), true).equals(states.get(subscription.key()));
    }

    /** Where the token that replaces one that is broken begins, by the subscription of the broken one. */
    OptionalLong resumeFrom(String subscriptionId) {
        return Stream.ofNullable(resumeFrom.get(subscriptionId))
                .mapToLong(Long::longValue)
                .findFirst();
    }

    void failAtTimes() {
        if (fails.getAsBoolean()) {
            throw new IllegalStateException("away");
        }
    }

    @Override
    public Optional<Stored> state(ChannelKey key) {
        uses++;
        failAtTimes();
        return Optional.ofNullable(states.get(key));
    }

    @Override
    public CompletableFuture<?> active(Subscription subscription) {
        return write(() -> states.put(subscription.key(), new Stored(subscription.id(), false)));
    }

    @Override
    public CompletableFuture<?> broken(Subscription subscription, long next, String reason) {
        return write(() -> {
            states.put(subscription.key(), new Stored(subscription.id(), true));
            resumeFrom.put(subscription.id(), next);
        });
    }

    @Override
    public CompletableFuture<?> remove(ChannelKey key) {
        return write(() -> states.remove(key));
    }

    private CompletableFuture<?> write(Runnable write) {
        uses++;
        if (fails.getAsBoolean()) {
            return CompletableFuture.failedFuture(new IllegalStateException("away"));
        }
        write.run();
        return CompletableFuture.completedFuture(null);
    }
}
