package dev.ncwrelay.delivery.messages.ack;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/**
 * The consumer names of each device, and their limit. Nodes admit names independently, so several nodes may admit the
 * last name at once; then the order of the records on the topic decides, which is the same for all.
 */
final class ConsumerNames {

    private final int max;
    private final ConcurrentMap<String, List<Name>> byDevice = new ConcurrentHashMap<>();

    /** A name; {@code isOnTopic} once its first record has been read back. */
    private record Name(String name, boolean isOnTopic) {}

    ConsumerNames(int max) {
        this.max = max;
    }

    int max() {
        return max;
    }

    /** Admits a name for a write; false when the device's limit is reached. */
    boolean admit(ConsumerKey key) {
        if (!key.isNamed()) {
            return true;
        }
        var names = byDevice.compute(key.deviceId(), (_, before) -> {
            var known = before == null ? List.<Name>of() : before;
            return has(known, key) || known.size() >= max ? known : with(known, new Name(key.consumer(), false));
        });
        return has(names, key);
    }

    /** Adds a name that was read from the topic; false when the limit had been reached before it. */
    boolean admitFromTopic(ConsumerKey key) {
        if (!key.isNamed()) {
            return true;
        }
        var names = byDevice.compute(key.deviceId(), (_, before) -> {
            var known = before == null ? List.<Name>of() : before;
            var read = new Name(key.consumer(), true);
            return known.contains(read) ? known : with(without(known, key), read);
        });
        // Names that were read back are in the order of their first records.
        return names.stream().filter(Name::isOnTopic).map(Name::name).toList().indexOf(key.consumer()) < max;
    }

    /** The names that count towards the device's limit. */
    Stream<String> of(String deviceId) {
        return byDevice.getOrDefault(deviceId, List.of()).stream().map(Name::name);
    }

    void remove(ConsumerKey key) {
        byDevice.computeIfPresent(key.deviceId(), (_, known) -> {
            var others = without(known, key);
            return others.isEmpty() ? null : others;
        });
    }

    void clear() {
        byDevice.clear();
    }

    private static boolean has(List<Name> names, ConsumerKey key) {
        return names.stream().anyMatch(name -> name.name().equals(key.consumer()));
    }

    private static List<Name> with(List<Name> names, Name added) {
        return Stream.concat(names.stream(), Stream.of(added)).toList();
    }

    private static List<Name> without(List<Name> names, ConsumerKey key) {
        return names.stream()
                .filter(name -> !name.name().equals(key.consumer()))
                .toList();
    }
}
