package dev.ncwrelay.channel.forward;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.channel.forward.Progress.Active;
import dev.ncwrelay.channel.forward.Progress.Behind;
import dev.ncwrelay.channel.forward.Progress.Broken;
import dev.ncwrelay.channel.subscription.StateWriter;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.channel.subscription.Subscriptions;
import dev.ncwrelay.kafka.connection.ClientFailure;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps progress in {@code ncw.device.channel.states}. */
final class KafkaStateStore implements StateStore {

    private static final String PENDING = "pending";
    private static final String HELD = "held";
    private static final String CATCHING_UP = "earlier events are being forwarded";

    private final StateWriter states;
    private final Subscriptions subscriptions;
    private final int generation;

    /**
     * Creates it.
     *
     * @param generation of the events topic, which all offsets belong to
     */
    KafkaStateStore(StateWriter states, Subscriptions subscriptions, int generation) {
        this.states = states;
        this.subscriptions = subscriptions;
        this.generation = generation;
    }

    /**
     * The stored progress of a subscription; empty when there is none, or only that of an earlier one.
     *
     * @param committed whether the group has a committed offset; without one, an active channel is caught up with from its stored position
     */
    Optional<Progress> load(Subscription subscription, boolean committed) {
        return subscriptions
                .state(subscription.key())
                .filter(state -> state.getSubscriptionId().equals(subscription.id()))
                .map(state -> progress(subscription, state, committed));
    }

    private Progress progress(Subscription subscription, ChannelState state, boolean committed) {
        long next = state.getGeneration() == generation ? state.getResumeFrom() : 0;
        var since = state.getSince();
        return switch (state.getState()) {
            case StateWriter.BROKEN ->
                new Broken(subscription, next, state.getReason() == null ? "" : state.getReason(), since);
            case StateWriter.ACTIVE ->
                committed && state.getGeneration() == generation
                        ? new Active(subscription, next, since)
                        : Behind.begin(subscription, next, true, since);
            case HELD ->
                state.getReason() == null || state.getReason().equals(CATCHING_UP)
                        ? Behind.begin(subscription, next, true, since)
                        : Behind.refused(subscription, next, state.getReason(), since);
            default -> Behind.begin(subscription, next, !state.getState().equals(PENDING), since);
        };
    }

    @Override
    public void save(Collection<Progress> progress) {
        writeAll(progress, this::write);
    }

    /** Writes all of these together, and waits for them. Those after one that fails at once would often take as long to fail. */
    static <T> void writeAll(Collection<T> all, Function<T, CompletableFuture<?>> write) {
        var written = new ArrayList<CompletableFuture<?>>(all.size());
        for (var each : all) {
            written.add(write.apply(each));
            if (written.getLast().isCompletedExceptionally()) {
                break;
            }
        }
        await(CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)));
    }

    private CompletableFuture<?> write(Progress progress) {
        return switch (progress) {
            case Active active -> write(active, StateWriter.ACTIVE, null, active.since());
            case Behind behind when behind.open() -> write(behind, HELD, reason(behind), behind.since());
            case Behind behind -> write(behind, PENDING, behind.refusal(), behind.since());
            case Broken broken -> write(broken, StateWriter.BROKEN, broken.reason(), broken.since());
        };
    }

    private CompletableFuture<?> write(Progress progress, String state, @Nullable String reason, Instant since) {
        return states.write(progress.subscription(), state, progress.next(), reason, since);
    }

    @Override
    public void remove(ChannelKey key) {
        await(states.remove(key));
    }

    @Override
    public Optional<String> subscriptionId(ChannelKey key) {
        return subscriptions.state(key).map(ChannelState::getSubscriptionId);
    }

    @Override
    public boolean isOverwritten(Progress progress) {
        if (progress instanceof Behind behind && !behind.open()) {
            // Not stored yet.
            return false;
        }
        var stored = subscriptions.state(progress.subscription().key());
        if (stored.isEmpty()) {
            return true;
        }
        if (stored.get().getWriter().equals(states.writer())) {
            return false;
        }
        var found = load(progress.subscription(), true);
        return switch (progress) {
            case Active _ -> !(found.orElse(null) instanceof Active);
            case Behind behind -> !(found.orElse(null) instanceof Behind other && other.next() == behind.next());
            case Broken broken -> !(found.orElse(null) instanceof Broken other && other.next() == broken.next());
        };
    }

    private static String reason(Behind behind) {
        return behind.refusal() == null ? CATCHING_UP : behind.refusal();
    }

    private static void await(CompletableFuture<?> written) {
        try {
            written.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "state not stored: " + ClientFailure.text(ClientFailure.cause(e)), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
