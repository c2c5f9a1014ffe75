package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.consume.ChannelMetrics;
import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.consume.EventSource;
import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.channel.consume.ReadEvents;
import dev.ncwrelay.channel.forward.Progress.Behind;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.testkit.time.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** One partition with its events, subscriptions, committed offset and stored progress, all in memory. */
final class SimulatedPartition implements EventSource, StateStore {

    private static final int PART = 3;
    private static final int SLICES = 2;

    private final MutableClock clock = new MutableClock(Instant.EPOCH);
    private final List<ReadEvent> log = new ArrayList<>();
    private final Map<ChannelKey, Subscription> subscriptions = new ConcurrentHashMap<>();
    private final Set<ChannelKey> lapsed = ConcurrentHashMap.newKeySet();
    private final Map<ChannelKey, Progress> stored = new HashMap<>();
    private final Set<ChannelKey> overwritten = new HashSet<>();
    private final List<Runnable> slices = new ArrayList<>();
    private final Channel channel;
    private final Executor executor;
    private PartitionForwarder forwarder;
    private int committed;
    private int read;
    private int ids;
    private boolean storeFails;
    private boolean removeFails;

    /** Nothing can be stored at present. */
    static final class NotStoredException extends RuntimeException {}

    /** Slices are sent by {@link #send} alone. */
    SimulatedPartition(Channel channel) {
        this.channel = channel;
        this.executor = slices::add;
        this.forwarder = load();
    }

    /** @param executor sends slices */
    SimulatedPartition(Channel channel, Executor executor) {
        this.channel = channel;
        this.executor = executor;
        this.forwarder = load();
    }

    List<ReadEvent> log() {
        return log;
    }

    Optional<Progress> stored(String deviceId) {
        return Optional.ofNullable(stored.get(key(deviceId)));
    }

    void append(String deviceId) {
        log.add(ReadEvents.of(log.size(), "event-" + log.size(), deviceId));
    }

    /** Subscribes from now on. */
    Subscription subscribe(String deviceId) {
        var device = new RegisteredDevice(deviceId, "wallet", "user", null, Instant.EPOCH, Instant.EPOCH, 1, -1, null);
        var subscription = new Subscription(key(deviceId), "subscription-" + ids++, 1, log.size(), device, Map.of());
        subscriptions.put(subscription.key(), subscription);
        forwarder.changed(subscription.key());
        return subscription;
    }

    void unsubscribe(String deviceId) {
        subscriptions.remove(key(deviceId));
        forwarder.changed(key(deviceId));
    }

    /** The subscription is not in force, as it seems while a replica has not read everything; or it is again. */
    void lapse(String deviceId, boolean isLapsed) {
        var _ = isLapsed ? lapsed.add(key(deviceId)) : lapsed.remove(key(deviceId));
        forwarder.changed(key(deviceId));
    }

    private Optional<Subscription> find(ChannelKey key) {
        return Optional.ofNullable(subscriptions.get(key)).filter(_ -> !lapsed.contains(key));
    }

    /** The consumer reads some events, and commits when they are forwarded; otherwise it reads them again later. */
    void forward(int count) {
        int end = Math.min(log.size(), read + count);
        try {
            forwarder.forward(log.subList(read, end), end);
            read = end;
        } catch (ChannelUnavailableException | NotStoredException _) {
            return;
        }
        committed = end;
    }

    /** True when there is more to be done at once. */
    boolean catchUp() {
        try {
            return forwarder.catchUp();
        } catch (ChannelUnavailableException | NotStoredException _) {
            // Tried again with the next call.
            return false;
        }
    }

    /** Slices that are begun, and not sent. */
    int slices() {
        return slices.size();
    }

    /** Sends one of the slices that are begun, by its number. */
    void send(int slice) {
        slices.remove(slice).run();
    }

    void sendAll() {
        while (!slices.isEmpty()) {
            send(0);
        }
    }

    void pass(Duration time) {
        clock.advance(time);
    }

    void stop() {
        forwarder.stop();
    }

    void close() {
        forwarder.close();
    }

    /** From now on nothing can be stored, or everything again. */
    void failStore(boolean fails) {
        storeFails = fails;
    }

    /** From now on nothing can be removed from the store, or everything again. */
    void failRemove(boolean fails) {
        removeFails = fails;
    }

    /** An earlier owner of the partition stores something late. */
    void overwrite(Progress progress) {
        var key = progress.subscription().key();
        stored.put(key, progress);
        overwritten.add(key);
        forwarder.changed(key);
    }

    /** Another instance goes on. */
    void handOver() {
        forwarder.stop();
        sendAll();
        forwarder.close();
        restart();
    }

    /** What was in memory is lost, as after kill -9. */
    void restart() {
        slices.clear();
        read = committed;
        // Loading waits until the replicas have read everything.
        lapsed.clear();
        forwarder = load();
    }

    private PartitionForwarder load() {
        var current = stored.values().stream()
                .filter(progress -> find(progress.subscription().key())
                        .filter(progress.subscription()::equals)
                        .isPresent())
                .toList();
        var loaded = new PartitionForwarder(
                0,
                committed,
                current,
                channel,
                this::find,
                this,
                this,
                new ChannelMetrics(new SimpleMeterRegistry(), channel.kind()),
                new Lanes(executor, new SliceLimit(SLICES, 1), new SliceLimit(SLICES, 1)),
                clock);
        stored.keySet().forEach(loaded::changed);
        subscriptions.keySet().forEach(loaded::changed);
        return loaded;
    }

    @Override
    public Part read(int partition, long from, long end, Predicate<String> devices) {
        int upTo = (int) Math.min(end, from + PART);
        var events = log.subList((int) from, upTo).stream()
                .filter(event -> devices.test(event.deviceId()))
                .toList();
        return new Part(events, upTo);
    }

    @Override
    public void save(Collection<Progress> progress) {
        if (storeFails) {
            throw new NotStoredException();
        }
        for (var each : progress) {
            var key = each.subscription().key();
            stored.put(key, each instanceof Behind behind ? stored(behind) : each);
            overwritten.remove(key);
        }
    }

    /** Attempts are not stored. */
    private static Behind stored(Behind behind) {
        return behind.open() && behind.refusal() != null
                ? Behind.refused(behind.subscription(), behind.next(), behind.refusal(), behind.since())
                : new Behind(
                        behind.subscription(),
                        behind.next(),
                        behind.open(),
                        behind.refusal(),
                        false,
                        behind.since(),
                        behind.since(),
                        0);
    }

    @Override
    public void remove(ChannelKey key) {
        if (removeFails) {
            throw new NotStoredException();
        }
        stored.remove(key);
    }

    @Override
    public Optional<String> subscriptionId(ChannelKey key) {
        return Optional.ofNullable(stored.get(key))
                .map(progress -> progress.subscription().id());
    }

    @Override
    public boolean isOverwritten(Progress progress) {
        return overwritten.contains(progress.subscription().key());
    }

    private static ChannelKey key(String deviceId) {
        return new ChannelKey(deviceId, SimulatedChannel.KIND, "");
    }
}
