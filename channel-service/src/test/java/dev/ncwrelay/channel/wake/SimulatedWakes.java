package dev.ncwrelay.channel.wake;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.channel.consume.ChannelMetrics;
import dev.ncwrelay.channel.consume.EventSource;
import dev.ncwrelay.channel.consume.Offsets;
import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.FcmChannel;
import dev.ncwrelay.testkit.time.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** One partition with its events, tokens, acknowledgements and committed offset, all in memory. */
final class SimulatedWakes implements EventSource, DeviceTokens {

    static final String URGENT = "urgent";

    private static final int PART = 3;

    private final WakeSettings settings;
    private final MutableClock clock;
    private final PushService service;
    private final List<ReadEvent> log = new ArrayList<>();
    private final Map<ChannelKey, Subscription> subscriptions = new HashMap<>();
    private final Set<ChannelKey> unseen = new HashSet<>();
    private final Map<String, AckedOffsets> acked = new HashMap<>();
    private final SimulatedStates states = new SimulatedStates();
    private final List<Instant> restarts = new ArrayList<>();
    private Offsets committed = new Offsets(0, 0);
    private boolean failNextCommit;
    private int read;
    private int ids;
    private Runnable meanwhile = () -> {};
    private PartitionWakes partition;
    private WakeSender sender;

    SimulatedWakes(WakeSettings settings, MutableClock clock, PushService service) {
        this.settings = settings;
        this.clock = clock;
        this.service = service;
        begin();
    }

    List<ReadEvent> log() {
        return log;
    }

    /** When instances ended. */
    List<Instant> restarts() {
        return restarts;
    }

    /** Every token that is in force. */
    List<Token> tokens() {
        return subscriptions.values().stream().map(this::token).toList();
    }

    void append(String deviceId, boolean urgent, @Nullable String physicalDeviceId) {
        var event = new DeviceEvent(
                "event-" + log.size(),
                urgent ? URGENT : "normal",
                deviceId,
                null,
                physicalDeviceId,
                null,
                null,
                null,
                clock.instant(),
                clock.instant(),
                ByteBuffer.allocate(0),
                null);
        log.add(new ReadEvent(log.size(), clock.instant(), event, Map.of()));
    }

    /** Subscribes from now on, or from where a broken token ended. It is not seen before time passes, as when its record is read late. */
    void subscribe(String deviceId, String name, Map<String, String> token) {
        var device = new RegisteredDevice(deviceId, "wallet", "user", null, Instant.EPOCH, Instant.EPOCH, 1, -1, null);
        var key = new ChannelKey(deviceId, SimulatedService.KIND, name);
        var before = subscriptions.get(key);
        long from = before == null ? log.size() : states.resumeFrom(before.id()).orElse(log.size());
        subscriptions.put(key, new Subscription(key, "subscription-" + ids++, 1, from, device, token));
        unseen.add(key);
    }

    /** A subscription goes on with other settings, if there is one. */
    void change(String deviceId, String name, Map<String, String> token) {
        var key = new ChannelKey(deviceId, SimulatedService.KIND, name);
        subscriptions.computeIfPresent(
                key, (_, old) -> new Subscription(key, old.id(), 1, old.eventsFrom(), old.device(), token));
        partition.changed(key);
    }

    void unsubscribe(String deviceId, String name) {
        var key = new ChannelKey(deviceId, SimulatedService.KIND, name);
        subscriptions.remove(key);
        unseen.remove(key);
        partition.changed(key);
    }

    /** The consumer acknowledges everything up to now, or the last event alone. */
    void acknowledge(String deviceId, String consumer, boolean isPosition) {
        var last = log.stream()
                .filter(event -> event.deviceId().equals(deviceId))
                .mapToLong(ReadEvent::offset)
                .max();
        last.ifPresent(offset -> acked.merge(
                deviceId + consumer,
                AckedOffsets.of(isPosition ? offset : -1, isPosition ? Set.of() : Set.of(offset), clock.instant()),
                AckedOffsets::merge));
    }

    /** The consumer reads some events, and commits. */
    void read(int count) {
        read(count, () -> {});
    }

    /** @param meanwhile happens after the first look at the subscriptions, before the events are known */
    void read(int count, Runnable meanwhile) {
        int end = Math.min(log.size(), read + count);
        if (end > read) {
            this.meanwhile = meanwhile;
            partition.read(log.subList(read, end).stream()
                    .map(SimulatedWakes::toRecord)
                    .toList());
            read = end;
            var commit = partition.toCommit(end);
            if (!failNextCommit) {
                committed = commit.offsets();
                commit.succeeded().run();
            }
            failNextCommit = false;
        }
    }

    /** The next commit does not reach the broker. */
    void failNextCommit() {
        failNextCommit = true;
    }

    /** Those of the tokens; a read of the log fails as they do. */
    SimulatedStates states() {
        return states;
    }

    /** Returns whether there is more to do. */
    boolean catchUp() {
        try {
            return partition.catchUp();
        } catch (IllegalStateException e) {
            return true;
        }
    }

    void send() {
        sender.sendBatch();
    }

    /** For a sender of several partitions. */
    PartitionWakes partition() {
        return partition;
    }

    /** Why messages are not accepted. */
    Optional<String> failure() {
        return sender.failure();
    }

    void pass(Duration time) {
        see();
        clock.advance(time);
    }

    /** What was in memory is lost, as after kill -9 or with another instance. */
    void restart() {
        partition.close();
        restarts.add(clock.instant());
        // Loading waits until everything is read.
        see();
        begin();
    }

    private void begin() {
        read = (int) committed.next();
        partition = new PartitionWakes(0, committed, this, states, this, this::decode, settings, clock);
        var current = partition;
        sender = new WakeSender(
                service, () -> List.of(current), new ChannelMetrics(new SimpleMeterRegistry(), service.kind()), clock);
        Stream.concat(subscriptions.keySet().stream(), states.keys().stream()).forEach(partition::changed);
    }

    private void see() {
        List.copyOf(unseen).forEach(key -> {
            unseen.remove(key);
            partition.changed(key);
        });
    }

    private static ConsumerRecord<String, byte[]> toRecord(ReadEvent event) {
        return new ConsumerRecord<>("events", 0, event.offset(), event.deviceId(), new byte[0]);
    }

    private Optional<ReadEvent> decode(ConsumerRecord<String, byte[]> record) {
        return Optional.of(log.get((int) record.offset()));
    }

    private Token token(Subscription subscription) {
        var consumer = subscription.settings().getOrDefault(FcmChannel.CONSUMER, "");
        return new Token(subscription, acked.getOrDefault(subscription.key().deviceId() + consumer, AckedOffsets.NONE));
    }

    @Override
    public Part read(int partition, long from, long end, Predicate<String> devices) {
        states.failAtTimes();
        int upTo = (int) Math.min(end, from + PART);
        var events = log.subList((int) from, upTo).stream()
                .filter(event -> devices.test(event.deviceId()))
                .toList();
        return new Part(events, upTo);
    }

    @Override
    public List<Token> of(String deviceId) {
        return keys(deviceId).stream()
                .flatMap(key -> find(key).stream())
                .filter(subscription -> !states.isBroken(subscription))
                .map(this::token)
                .toList();
    }

    @Override
    public Optional<Subscription> find(ChannelKey key) {
        return Optional.ofNullable(subscriptions.get(key)).filter(_ -> !unseen.contains(key));
    }

    @Override
    public Set<ChannelKey> keys(String deviceId) {
        return subscriptions.keySet().stream()
                .filter(key -> key.deviceId().equals(deviceId))
                .collect(Collectors.toSet());
    }

    @Override
    public boolean isSubscribed(String deviceId) {
        boolean found = keys(deviceId).stream().anyMatch(key -> !unseen.contains(key));
        var next = meanwhile;
        meanwhile = () -> {};
        next.run();
        return found;
    }

    @Override
    public boolean isCurrent() {
        return true;
    }
}
