package dev.ncwrelay.delivery.channel;

import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.registry.SubscribedChannel;
import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Writes subscriptions to channels. No caller waits.
 *
 * <ol>
 *   <li>A change completes when it is stored and visible on this node. One that changes nothing writes nothing.
 *   <li>The subscriptions are read up to the end of the topic before the decision, so one that any node has confirmed
 *       is never missed.
 *   <li>Of concurrent changes, on any nodes, the last one in the topic is valid. Events that are written after any
 *       confirmed one are forwarded.
 *   <li>A change by a former owner that arrives late does not end the subscription of the present one.
 * </ol>
 */
final class ChannelSubscriber {

    private final SubscriptionStore subscriptions;
    private final EndOffsetSource ends;
    private final IntSupplier generation;
    private final Clock clock;
    private final Executor workers;

    /** The subscriptions, as far as this node has read them. */
    interface SubscriptionStore {

        int partitionOf(String deviceId);

        /** Waits until this node has read all records before this offset; false after a timeout. */
        boolean readUpTo(int partition, long end);

        /** The last subscription, of any ownership of the device. */
        Optional<SubscribedChannel> find(ChannelKey key);

        /** True while the device is in this ownership. */
        boolean isOwned(RegisteredDevice device);

        /** How many subscriptions of this kind are in force, of all devices. */
        long countOf(String kind);

        /** Writes the subscription and returns its offset. */
        CompletableFuture<Long> write(ChannelSubscription subscription);

        /** Writes a tombstone and returns its offset. */
        CompletableFuture<Long> remove(ChannelKey key);
    }

    /** Looks up the end offsets of a partition. */
    interface EndOffsetSource {

        CompletableFuture<Long> ofEvents(int partition);

        CompletableFuture<Long> ofSubscriptions(int partition);
    }

    /** The result; {@code isNew} when the device was not subscribed before. */
    record SubscribeResult(SubscribedChannel channel, boolean isNew) {}

    /**
     * Creates it.
     *
     * @param generation of the events topic
     * @param workers may block
     */
    ChannelSubscriber(
            SubscriptionStore subscriptions,
            EndOffsetSource ends,
            IntSupplier generation,
            Clock clock,
            Executor workers) {
        this.subscriptions = subscriptions;
        this.ends = ends;
        this.generation = generation;
        this.clock = clock;
        this.workers = workers;
    }

    /** The subscription of this ownership of the device. */
    Optional<SubscribedChannel> find(RegisteredDevice device, ChannelKey key) {
        return subscriptions.find(key).filter(found -> found.subscription().getEpoch() == device.epoch());
    }

    /**
     * Subscribes the device; fails with the {@link Failure} for the response.
     *
     * @param limit most subscriptions of this kind, of all devices; concurrent ones may exceed it
     */
    CompletableFuture<SubscribeResult> subscribe(
            RegisteredDevice device, ChannelKey key, Map<String, String> settings, OptionalInt limit) {
        int partition = subscriptions.partitionOf(device.deviceId());
        // In this order, so that nothing is left out. In another generation than that of the offset everything is
        // forwarded. A subscription that is confirmed after the end of the events was read is not missed.
        int current = generation.getAsInt();
        return ends.ofEvents(partition)
                .thenCompose(eventsEnd -> whenRead(partition, () -> {
                    var request = new SubscriptionChange.Request(
                            device,
                            key,
                            settings,
                            current,
                            eventsEnd,
                            UUID.randomUUID().toString(),
                            clock.instant());
                    return switch (SubscriptionChange.of(request, find(device, key))) {
                        case SubscriptionChange.None(var present) ->
                            CompletableFuture.completedFuture(new SubscribeResult(present, false));
                        case SubscriptionChange.Write write -> {
                            requireRoom(key.kind(), write, limit);
                            yield write(device, key, write);
                        }
                    };
                }));
    }

    /** Ends the subscription of this ownership, if there is one. */
    CompletableFuture<Void> unsubscribe(RegisteredDevice device, ChannelKey key) {
        int partition = subscriptions.partitionOf(device.deviceId());
        return whenRead(partition, () -> {
            if (find(device, key).isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            requireOwned(device);
            return subscriptions
                    .remove(key)
                    .thenAcceptAsync(offset -> requireRead(partition, offset + 1, "removed"), workers);
        });
    }

    private CompletableFuture<SubscribeResult> write(
            RegisteredDevice device, ChannelKey key, SubscriptionChange.Write write) {
        requireOwned(device);
        int partition = subscriptions.partitionOf(device.deviceId());
        return subscriptions
                .write(write.subscription())
                .thenComposeAsync(
                        offset -> {
                            requireRead(partition, offset + 1, "stored");
                            var last = subscriptions.find(key).map(SubscribedChannel::subscription);
                            if (last.filter(found -> found.getEpoch() > device.epoch())
                                    .isPresent()) {
                                // The present owner's subscription is no longer the last record: restore it.
                                return subscriptions.write(last.get()).thenCompose(_ -> {
                                    throw ownershipEnded();
                                });
                            }
                            // A concurrent change may have come later.
                            var valid = find(device, key)
                                    .orElseGet(() -> new SubscribedChannel(write.subscription(), null));
                            return CompletableFuture.completedFuture(new SubscribeResult(valid, write.isNew()));
                        },
                        workers);
    }

    /** Continues when this node has read all subscriptions that are in the partition now. */
    private <T> CompletableFuture<T> whenRead(int partition, Supplier<CompletableFuture<T>> next) {
        return ends.ofSubscriptions(partition)
                .thenComposeAsync(
                        end -> {
                            if (!subscriptions.readUpTo(partition, end)) {
                                throw new Failure.Unavailable("this node has not loaded all subscriptions yet")
                                        .exception();
                            }
                            return next.get();
                        },
                        workers);
    }

    private void requireRead(int partition, long end, String what) {
        if (!subscriptions.readUpTo(partition, end)) {
            throw new Failure.Unavailable("the subscription is " + what + " but this is not visible on this node yet")
                    .exception();
        }
    }

    private void requireRoom(String kind, SubscriptionChange.Write write, OptionalInt limit) {
        if (write.isNew() && limit.isPresent() && subscriptions.countOf(kind) >= limit.getAsInt()) {
            throw new Failure.TooManySubscriptions(kind, limit.getAsInt()).exception();
        }
    }

    private void requireOwned(RegisteredDevice device) {
        if (!subscriptions.isOwned(device)) {
            throw ownershipEnded();
        }
    }

    private static RuntimeException ownershipEnded() {
        return new Failure.Unavailable("the registration of the device has changed meanwhile").exception();
    }
}
