package dev.ncwrelay.delivery.channel.registry;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How many subscriptions of each kind are in force. A device is counted again after each change of its subscriptions and of
 * its owner, which are read by different threads: the last count sees both. A total may be read at any time.
 */
final class SubscriptionCounts {

    private final Function<String, Stream<String>> kindsOf;
    private final ConcurrentMap<String, Map<String, Long>> devices = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LongAdder> totals = new ConcurrentHashMap<>();

    /** @param kindsOf the kind of each subscription of a device that is in force now */
    SubscriptionCounts(Function<String, Stream<String>> kindsOf) {
        this.kindsOf = kindsOf;
    }

    long of(String kind) {
        var total = totals.get(kind);
        return total == null ? 0 : total.sum();
    }

    /** Counts the device again, after a change. */
    void update(String deviceId) {
        devices.compute(deviceId, (_, before) -> {
            var now = kindsOf.apply(deviceId).collect(groupingBy(Function.identity(), counting()));
            if (before != null) {
                before.forEach((kind, count) -> add(kind, -count));
            }
            now.forEach(this::add);
            return now.isEmpty() ? null : now;
        });
    }

    private void add(String kind, long count) {
        totals.computeIfAbsent(kind, _ -> new LongAdder()).add(count);
    }
}
