package dev.ncwrelay.channel.forward;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.channel.forward.Progress.Active;
import dev.ncwrelay.channel.forward.Progress.Behind;
import dev.ncwrelay.channel.forward.Progress.Broken;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.channel.subscription.Subscriptions;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Keeps progress in {@code ncw.device.channel.states}. */
final class KafkaStateStore implements StateStore {

    /** A producer without an id waits without a limit. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static final String PENDING = "pending";
    private static final String ACTIVE = "active";
    private static final String HELD = "held";
    private static final String BROKEN = "broken";

    private final RecordSender sender;
    private final Subscriptions subscriptions;
    private final String instance;
    private final int generation;

    /**
     * Creates it.
     *
     * @param instance identifies this instance of the service
     * @param generation of the events topic, which all offsets belong to
     */
    KafkaStateStore(RecordSender sender, Subscriptions subscriptions, String instance, int generation) {
        this.sender = sender;
        this.subscriptions = subscriptions;
        this.instance = instance;
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
            case BROKEN -> new Broken(subscription, next, state.getReason() == null ? "" : state.getReason(), since);
            case ACTIVE ->
                committed && state.getGeneration() == generation
                        ? new Active(subscription, next, since)
                        : Behind.begin(subscription, next, true, since);
            default -> Behind.begin(subscription, next, !state.getState().equals(PENDING), since);
        };
    }

    @Override
    public void save(Progress progress) {
        var subscription = progress.subscription();
        var state = switch (progress) {
            case Active active -> state(subscription, ACTIVE, active.next(), null, active.since());
            case Behind behind ->
                behind.open()
                        ? state(subscription, HELD, behind.next(), reason(behind), behind.since())
                        : state(subscription, PENDING, behind.next(), null, behind.since());
            case Broken broken -> state(subscription, BROKEN, broken.next(), broken.reason(), broken.since());
        };
        var key = subscription.key();
        await(sender.publish(Topics.CHANNEL_STATES, key.deviceId(), key.recordKey(), state, Map.of()));
    }

    @Override
    public void remove(ChannelKey key) {
        await(sender.remove(Topics.CHANNEL_STATES, key.deviceId(), key.recordKey(), Map.of()));
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
        if (stored.get().getWriter().equals(instance)) {
            return false;
        }
        var found = load(progress.subscription(), true);
        return switch (progress) {
            case Active _ -> !(found.orElse(null) instanceof Active);
            case Behind behind -> !(found.orElse(null) instanceof Behind other && other.next() == behind.next());
            case Broken broken -> !(found.orElse(null) instanceof Broken other && other.next() == broken.next());
        };
    }

    private ChannelState state(
            Subscription subscription, String state, long next, @Nullable String reason, Instant since) {
        var key = subscription.key();
        return new ChannelState(
                key.deviceId(),
                key.kind(),
                key.name(),
                subscription.id(),
                state,
                generation,
                next,
                reason,
                since,
                instance);
    }

    private static String reason(Behind behind) {
        return behind.refusal() == null ? "earlier events are being forwarded" : behind.refusal();
    }

    private static void await(CompletableFuture<?> written) {
        try {
            written.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("state not stored for " + TIMEOUT.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("state not stored: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
