package dev.ncwrelay.delivery.channel.kind;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * All kinds, those that cannot be used included.
 *
 * @param all in the order of their names, which are different
 */
public record ChannelKinds(List<ChannelKind> all) {

    public ChannelKinds {
        all = all.stream().sorted(Comparator.comparing(ChannelKind::name)).toList();
        var names = all.stream().map(ChannelKind::name).toList();
        if (names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException("two kinds of channels have the same name: " + names);
        }
    }

    public Optional<ChannelKind> named(String name) {
        return all.stream().filter(kind -> kind.name().equals(name)).findFirst();
    }

    public List<String> names() {
        return all.stream().map(ChannelKind::name).toList();
    }

    /** The kinds that can be used; while there is none, nothing is read or written for channels. */
    public List<ChannelKind> usable() {
        return all.stream().filter(kind -> kind.unavailable().isEmpty()).toList();
    }

    /** Why the others cannot be used. */
    public String unavailable() {
        return all.stream().flatMap(kind -> kind.unavailable().stream()).collect(Collectors.joining("; "));
    }
}
