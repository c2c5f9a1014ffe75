package dev.ncwrelay.delivery.messages.ack;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/**
 * The names of each device's consumers. Nodes admit names by what they know, so several may admit the last one at once;
 * then the order of the log decides, which is the same for all.
 */
final class ConsumerNames {

    private final int max;
    private final ConcurrentMap<String, List<Name>> byDevice = new ConcurrentHashMap<>();

    /** A name; not on the log while its first record is on its way. */
    private record Name(String name, boolean isOnLog) {}

    ConsumerNames(int most) {
        this.max = most;
    }

    int max() {
        return max;
    }

    /** False when there are as many others as may be. */
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

    /** Takes a name from the log; false when as many others were there before. */
    boolean admitFromLog(ConsumerKey key) {
        if (!key.isNamed()) {
            return true;
        }
        var names = byDevice.compute(key.deviceId(), (_, before) -> {
            var known = before == null ? List.<Name>of() : before;
            var read = new Name(key.consumer(), true);
            return known.contains(read) ? known : with(without(known, key), read);
        });
        // Those on the log keep the order in which they came there.
        return names.stream().filter(Name::isOnLog).map(Name::name).toList().indexOf(key.consumer()) < max;
    }

    /** The names of the device that count. */
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
