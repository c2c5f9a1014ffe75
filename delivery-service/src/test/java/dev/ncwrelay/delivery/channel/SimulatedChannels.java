package dev.ncwrelay.delivery.channel;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.kind.ChannelKind;
import dev.ncwrelay.delivery.channel.kind.ChannelSettings;
import dev.ncwrelay.delivery.channel.registry.SubscribedChannel;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Nodes that change the subscriptions of one device concurrently, on one topic that each reads at its own speed. Whatever a
 * node waits for is done when {@link #runAny} or {@link #runAll} does it.
 */
final class SimulatedChannels {

    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    static final int GENERATION = 7;

    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    final List<Written> log = new ArrayList<>();
    final ArrayDeque<Runnable> due = new ArrayDeque<>();
    final Random random;
    long events = 100;
    RegisteredDevice owner = device(1);

    private final Map<String, ChannelState> states = new HashMap<>();

    SimulatedChannels(long seed) {
        random = new Random(seed);
    }

    /** A record of the topic; without a subscription it is a tombstone. */
    record Written(ChannelKey key, Optional<ChannelSubscription> subscription) {}

    /** A kind without settings. */
    record TestKind(String name, OptionalInt limit, OptionalInt perDevice) implements ChannelKind {

        @Override
        public Optional<String> unavailable() {
            return Optional.empty();
        }

        @Override
        public ChannelSettings settings(Map<String, Object> body) {
            return ChannelSettings.none();
        }

        @Override
        public Object connection(RegisteredDevice device, ChannelSubscription subscription) {
            return Map.of();
        }
    }

    static RegisteredDevice device(long epoch) {
        return device("device", epoch);
    }

    static RegisteredDevice device(String id, long epoch) {
        return new RegisteredDevice(id, "wallet", "user-" + epoch, null, NOW, NOW, epoch, -1, null);
    }

    Node node() {
        return new Node();
    }

    Optional<ChannelSubscription> last() {
        return log.getLast().subscription();
    }

    /** The subscriptions that a node finds that has read everything. */
    Map<ChannelKey, ChannelSubscription> inForce() {
        var reader = node();
        reader.readUpTo(0, log.size());
        reader.known.values().removeIf(subscription -> subscription.getEpoch() != owner.epoch());
        return reader.known;
    }

    /** channel-service writes this state. */
    void state(ChannelSubscription of, String state, long resumeFrom, Instant since) {
        states.put(
                of.getSubscriptionId(),
                new ChannelState(
                        of.getDeviceId(),
                        of.getKind(),
                        of.getName(),
                        of.getSubscriptionId(),
                        state,
                        GENERATION,
                        resumeFrom,
                        null,
                        since,
                        "writer"));
    }

    void runAny() {
        var ready = new ArrayList<>(due);
        var one = ready.get(random.nextInt(ready.size()));
        due.remove(one);
        one.run();
    }

    void runNext(int steps) {
        for (int step = 0; step < steps; step++) {
            due.remove().run();
        }
    }

    /** In the order in which all became due. */
    void runAll() {
        while (!due.isEmpty()) {
            due.remove().run();
        }
    }

    <T> T runAll(CompletableFuture<T> asked) {
        runAll();
        return asked.join();
    }

    private SubscribedChannel withState(ChannelSubscription subscription) {
        return new SubscribedChannel(subscription, states.get(subscription.getSubscriptionId()));
    }

    /** A node: what it has read of the topic, and what writes to it. */
    final class Node implements ChannelSubscriber.SubscriptionStore, ChannelSubscriber.EndOffsetSource {

        private final Map<ChannelKey, ChannelSubscription> known = new HashMap<>();
        private final Map<Long, ChannelSubscription> removed = new HashMap<>();
        private int read;

        final ChannelSubscriber subscriber = new ChannelSubscriber(this, this, () -> GENERATION, CLOCK, due::add);

        @Override
        public CompletableFuture<Long> ofEvents(int partition) {
            var coming = new CompletableFuture<Long>();
            due.add(() -> coming.complete(events));
            return coming;
        }

        @Override
        public CompletableFuture<Long> ofSubscriptions(int partition) {
            var coming = new CompletableFuture<Long>();
            due.add(() -> coming.complete((long) log.size()));
            return coming;
        }

        @Override
        public int partitionOf(String deviceId) {
            return 0;
        }

        @Override
        public boolean readUpTo(int partition, long end) {
            // It may have read further than required.
            int upTo = (int) end + random.nextInt((int) (log.size() - end) + 1);
            for (; read < upTo; read++) {
                long offset = read;
                var next = log.get(read);
                if (next.subscription().isPresent()) {
                    known.merge(
                            next.key(),
                            next.subscription().get(),
                            (before, later) -> later.getEpoch() < before.getEpoch() ? before : later);
                } else {
                    Optional.ofNullable(known.remove(next.key())).ifPresent(before -> removed.put(offset, before));
                }
            }
            return true;
        }

        @Override
        public Optional<SubscribedChannel> find(ChannelKey key) {
            return Optional.ofNullable(known.get(key)).map(SimulatedChannels.this::withState);
        }

        @Override
        public List<SubscribedChannel> find(String deviceId, String kind) {
            return known.entrySet().stream()
                    .filter(entry -> entry.getKey().deviceId().equals(deviceId)
                            && entry.getKey().kind().equals(kind))
                    .map(entry -> withState(entry.getValue()))
                    .toList();
        }

        @Override
        public Optional<ChannelSubscription> removedAt(int partition, long offset) {
            return Optional.ofNullable(removed.get(offset));
        }

        @Override
        public boolean isOwned(RegisteredDevice device) {
            return !device.deviceId().equals(owner.deviceId()) || device.isSameOwnership(owner);
        }

        @Override
        public long countOf(String kind) {
            return known.keySet().stream()
                    .filter(key -> key.kind().equals(kind))
                    .count();
        }

        @Override
        public CompletableFuture<Long> write(ChannelSubscription subscription) {
            return append(new Written(ChannelKey.of(subscription), Optional.of(subscription)));
        }

        @Override
        public CompletableFuture<Long> remove(ChannelKey key) {
            return append(new Written(key, Optional.empty()));
        }

        private CompletableFuture<Long> append(Written next) {
            var coming = new CompletableFuture<Long>();
            due.add(() -> {
                log.add(next);
                coming.complete(log.size() - 1L);
            });
            return coming;
        }
    }
}
