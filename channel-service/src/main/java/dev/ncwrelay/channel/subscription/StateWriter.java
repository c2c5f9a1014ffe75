package dev.ncwrelay.channel.subscription;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.Topics;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes the states of subscriptions to {@code ncw.device.channel.states}. Futures complete when all in-sync replicas have
 * acknowledged.
 *
 * @param writer identifies who writes: an instance of the service, or one of its assignments
 */
public record StateWriter(RecordSender sender, String writer) {

    /** A producer that has no id yet, and whose brokers do not respond, waits without a limit. */
    private static final int TIMEOUT_SECONDS = 20;

    /** Nothing is forwarded until the device subscribes again. */
    public static final String BROKEN = "broken";

    /** Events are forwarded as they arrive. */
    public static final String ACTIVE = "active";

    /**
     * Writes a state.
     *
     * @param next the first offset that is not forwarded, in the subscription's generation
     * @param reason why it is in this state, for people
     */
    public CompletableFuture<?> write(
            Subscription subscription, String state, long next, @Nullable String reason, Instant since) {
        var key = subscription.key();
        var record = new ChannelState(
                key.deviceId(),
                key.kind(),
                key.name(),
                subscription.id(),
                state,
                subscription.generation(),
                next,
                reason,
                since,
                writer);
        return sender.publish(Topics.CHANNEL_STATES, key.deviceId(), key.recordKey(), record, Map.of())
                .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Removes the state of a subscription that has ended. */
    public CompletableFuture<?> remove(ChannelKey key) {
        return sender.remove(Topics.CHANNEL_STATES, key.deviceId(), key.recordKey(), Map.of())
                .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
