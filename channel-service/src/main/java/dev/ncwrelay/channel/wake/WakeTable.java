package dev.ncwrelay.channel.wake;

import dev.ncwrelay.channel.subscription.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The devices of a partition that have something unacknowledged. Acknowledgements are looked up when a device may be due, so
 * that they cost nothing before. Not thread-safe.
 */
final class WakeTable {

    private final int partition;
    private final WakeSettings settings;
    private final Function<String, List<Token>> tokens;
    private final Map<String, DeviceWakes> devices = new HashMap<>();

    /** The devices that have events, by the first offset of these. */
    private final TreeMap<Long, DeviceWakes> byLowest = new TreeMap<>();

    private final PriorityQueue<Due> queue = new PriorityQueue<>(Comparator.comparing(Due::at));
    private final Map<String, Instant> queued = new HashMap<>();

    /** The devices whose messages are being sent, with the times that these were due. */
    private final Map<String, Instant> taken = new HashMap<>();

    private record Due(Instant at, String deviceId) {}

    /** @param tokens those in force of a device */
    WakeTable(int partition, WakeSettings settings, Function<String, List<Token>> tokens) {
        this.partition = partition;
        this.settings = settings;
        this.tokens = tokens;
    }

    /** Adds an event unless it wakes no token. May be called again with the same. */
    void add(String deviceId, PendingEvent event, Instant now) {
        if (event.isOlderThan(settings.maxAge(), now)
                || tokens.apply(deviceId).stream().noneMatch(token -> token.awaits(event))) {
            return;
        }
        var device = devices.computeIfAbsent(deviceId, id -> new DeviceWakes(id, settings));
        change(device, () -> device.add(event));
        enqueue(deviceId, event.writtenAt().plus(settings.delay()));
    }

    /**
     * Takes the messages that are due. Their devices are due again only after {@link #sent}.
     *
     * @param limit most messages, unless a single device has more
     */
    List<WakeUp> take(Instant now, int limit) {
        var due = new ArrayList<WakeUp>();
        while (!queue.isEmpty() && !queue.peek().at().isAfter(now) && due.size() < limit) {
            var next = queue.poll();
            // An entry that an earlier one has replaced.
            if (queued.remove(next.deviceId(), next.at())) {
                var wakeUps = wakeUps(next.deviceId(), now);
                if (!wakeUps.isEmpty()) {
                    taken.put(next.deviceId(), next.at());
                    due.addAll(wakeUps);
                }
            }
        }
        return due;
    }

    /** The messages of one device were sent. */
    void sent(String deviceId, List<SentWakeUp> round, Instant now) {
        taken.remove(deviceId);
        var device = devices.get(deviceId);
        if (device != null) {
            device.sent(round, now);
            requeue(device, now);
        }
    }

    /** The first offset that this token of a device awaits, of the events that are known; {@code otherwise} for none. */
    long lowest(Subscription subscription, long otherwise) {
        var device = devices.get(subscription.key().deviceId());
        if (device == null) {
            return otherwise;
        }
        return tokens.apply(device.deviceId()).stream()
                .filter(token -> token.subscription().id().equals(subscription.id()))
                .flatMap(token -> device.lowest(token).stream())
                .findFirst()
                .orElse(otherwise);
    }

    /** The first offset that may wake a device; {@code otherwise} when there is none before. */
    long lowest(Instant now, long otherwise) {
        while (!byLowest.isEmpty() && byLowest.firstKey() < otherwise) {
            var first = byLowest.firstEntry();
            forgetServed(first.getValue(), now);
            // Unless nothing was forgotten, the next look is at another one.
            if (first.getValue().equals(byLowest.get(first.getKey()))) {
                return first.getKey();
            }
        }
        return otherwise;
    }

    /** Devices that have something unacknowledged, as far as was looked up. */
    int pending() {
        return byLowest.size();
    }

    /** Since when messages are due, with those that are being sent; empty when none are. */
    Optional<Instant> dueSince(Instant now) {
        return Stream.concat(Stream.ofNullable(queue.peek()).map(Due::at), taken.values().stream())
                .filter(at -> !at.isAfter(now))
                .min(Instant::compareTo);
    }

    private List<WakeUp> wakeUps(String deviceId, Instant now) {
        var device = devices.get(deviceId);
        if (device == null) {
            return List.of();
        }
        var current = forgetServed(device, now);
        var at = device.nextAt(current);
        if (at.isPresent() && !at.get().isAfter(now)) {
            return device.wakeUps(current, partition, now);
        }
        requeue(device, now);
        return List.of();
    }

    private void requeue(DeviceWakes device, Instant now) {
        var at = device.nextAt(forgetServed(device, now));
        if (at.isPresent()) {
            enqueue(device.deviceId(), at.get());
        } else if (device.isIdle(now)) {
            devices.remove(device.deviceId());
        } else {
            // Its limits are still to be remembered.
            enqueue(device.deviceId(), now.plus(settings.maxInterval()));
        }
    }

    /** Returns the device's tokens. */
    private List<Token> forgetServed(DeviceWakes device, Instant now) {
        var current = tokens.apply(device.deviceId());
        change(device, () -> device.forgetServed(current, now));
        return current;
    }

    private void change(DeviceWakes device, Runnable change) {
        device.lowest().ifPresent(byLowest::remove);
        change.run();
        device.lowest().ifPresent(lowest -> byLowest.put(lowest, device));
    }

    private void enqueue(String deviceId, Instant at) {
        var before = queued.get(deviceId);
        if (before == null || at.isBefore(before)) {
            queued.put(deviceId, at);
            queue.add(new Due(at, deviceId));
        }
    }
}
