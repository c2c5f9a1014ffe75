package dev.ncwrelay.delivery.channel;

import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.kind.ChannelKind;
import dev.ncwrelay.delivery.channel.kind.ChannelSettings;
import dev.ncwrelay.delivery.channel.registry.SubscribedChannel;
import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

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
 *   <li>A subscription is removed to make room for another only when it is broken, or a former owner's; one that replaces
 *       it at that moment is written again. Concurrent ones may exceed a limit.
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

        /** All subscriptions of the device to this kind, of any ownership. */
        List<SubscribedChannel> find(String deviceId, String kind);

        /** What the tombstone at this offset, which was read a moment ago, has removed. */
        Optional<ChannelSubscription> removedAt(int partition, long offset);

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

    /** The subscriptions of this ownership of the device to this kind, the oldest first. */
    List<SubscribedChannel> find(RegisteredDevice device, ChannelKind kind) {
        return subscriptions.find(device.deviceId(), kind.name()).stream()
                .filter(found -> isOf(device, found))
                .sorted(Comparator.comparing(found -> found.subscription().getCreatedAt()))
                .toList();
    }

    /** Subscribes the device; fails with the {@link Failure} for the response. */
    CompletableFuture<SubscribeResult> subscribe(RegisteredDevice device, ChannelKind kind, ChannelSettings settings) {
        int partition = subscriptions.partitionOf(device.deviceId());
        // In this order, so that nothing is left out. In another generation than that of the offset everything is
        // forwarded. A subscription that is confirmed after the end of the events was read is not missed.
        int current = generation.getAsInt();
        return ends.ofEvents(partition)
                .thenCompose(eventsEnd -> whenRead(partition, () -> {
                    var request = new SubscriptionChange.Request(
                            device,
                            kind.name(),
                            settings,
                            current,
                            eventsEnd,
                            UUID.randomUUID().toString(),
                            clock.instant());
                    var key = new ChannelKey(device.deviceId(), kind.name(), settings.name());
                    var present = subscriptions.find(key).filter(found -> isOf(device, found));
                    return switch (SubscriptionChange.of(request, present)) {
                        case SubscriptionChange.None(var unchanged) ->
                            CompletableFuture.completedFuture(new SubscribeResult(unchanged, false));
                        case SubscriptionChange.Continue(var subscription) -> write(device, subscription, false);
                        case SubscriptionChange.Begin(var subscription, boolean isNew) ->
                            makeRoom(device, kind, key, isNew).thenCompose(_ -> write(device, subscription, isNew));
                    };
                }));
    }

    /**
     * Ends subscriptions of this ownership to this kind.
     *
     * @param name whether one with this name is ended
     */
    CompletableFuture<Void> unsubscribe(RegisteredDevice device, ChannelKind kind, Predicate<String> name) {
        return whenRead(subscriptions.partitionOf(device.deviceId()), () -> {
            var ended = find(device, kind).stream()
                    .filter(found -> name.test(found.subscription().getName()))
                    .toList();
            if (!ended.isEmpty()) {
                requireOwned(device);
            }
            return all(ended.stream()
                    .map(found -> remove(found.key(), removed -> removed.getEpoch() > device.epoch())));
        });
    }

    /** Makes room for a subscription that begins, or fails without a change. */
    private CompletableFuture<Void> makeRoom(RegisteredDevice device, ChannelKind kind, ChannelKey key, boolean isNew) {
        requireOwned(device);
        var limit = kind.limit();
        if (isNew && limit.isPresent() && subscriptions.countOf(kind.name()) >= limit.getAsInt()) {
            throw new Failure.TooManySubscriptions(kind.name(), limit.getAsInt()).exception();
        }
        int perDevice = kind.perDevice().orElse(1);
        var others = subscriptions.find(device.deviceId(), kind.name()).stream()
                .filter(other -> !other.key().equals(key))
                .toList();
        return switch (DeviceRoom.of(others, device.epoch(), perDevice)) {
            case DeviceRoom.Available(var removed) -> all(removed.stream().map(this::removeUnlessReplaced));
            case DeviceRoom.Full() ->
                throw new Failure.TooManySubscriptionsOfDevice(kind.name(), perDevice).exception();
        };
    }

    private CompletableFuture<Void> removeUnlessReplaced(SubscribedChannel old) {
        var id = old.subscription().getSubscriptionId();
        return remove(old.key(), removed -> !removed.getSubscriptionId().equals(id));
    }

    /** @param isToStay whether what was removed, which may have come after the decision, is written again */
    private CompletableFuture<Void> remove(ChannelKey key, Predicate<ChannelSubscription> isToStay) {
        int partition = subscriptions.partitionOf(key.deviceId());
        return subscriptions
                .remove(key)
                .thenComposeAsync(
                        offset -> {
                            requireRead(partition, offset + 1, "removed");
                            var lost = subscriptions
                                    .removedAt(partition, offset)
                                    .filter(isToStay)
                                    .filter(_ -> subscriptions.find(key).isEmpty());
                            return lost.isEmpty()
                                    ? CompletableFuture.completedFuture(null)
                                    : subscriptions.write(lost.get()).thenApply(_ -> null);
                        },
                        workers);
    }

    private CompletableFuture<SubscribeResult> write(
            RegisteredDevice device, ChannelSubscription subscription, boolean isNew) {
        requireOwned(device);
        int partition = subscriptions.partitionOf(device.deviceId());
        return subscriptions
                .write(subscription)
                .thenComposeAsync(
                        offset -> {
                            requireRead(partition, offset + 1, "stored");
                            var last = subscriptions.find(ChannelKey.of(subscription));
                            var later = last.map(SubscribedChannel::subscription)
                                    .filter(found -> found.getEpoch() > device.epoch());
                            if (later.isPresent()) {
                                // The present owner's subscription is no longer the last record: restore it.
                                return subscriptions.write(later.get()).thenCompose(_ -> {
                                    throw ownershipEnded();
                                });
                            }
                            // A concurrent change may have come later.
                            var valid = last.filter(found -> isOf(device, found))
                                    .orElseGet(() -> new SubscribedChannel(subscription, null));
                            return CompletableFuture.completedFuture(new SubscribeResult(valid, isNew));
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

    private void requireOwned(RegisteredDevice device) {
        if (!subscriptions.isOwned(device)) {
            throw ownershipEnded();
        }
    }

    private static boolean isOf(RegisteredDevice device, SubscribedChannel channel) {
        return channel.subscription().getEpoch() == device.epoch();
    }

    private static CompletableFuture<Void> all(Stream<CompletableFuture<Void>> changes) {
        return CompletableFuture.allOf(changes.toArray(CompletableFuture[]::new));
    }

    private static RuntimeException ownershipEnded() {
        return new Failure.Unavailable("the registration of the device has changed meanwhile").exception();
    }
}
