package dev.ncwrelay.delivery.mailbox;

import dev.ncwrelay.delivery.position.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the consumers of a device have acknowledged; kept as one value, so that what all have in common never runs ahead
 * of what each of them has.
 *
 * @param doneUpTo the highest offset that all who were known had acknowledged at some time; -1 for none
 * @param positions by consumer
 */
record Acknowledged(long doneUpTo, SortedMap<String, Position> positions) {

    static final Acknowledged NOTHING = new Acknowledged(-1, Collections.emptySortedMap());

    Acknowledged {
        positions = Collections.unmodifiableSortedMap(new TreeMap<>(positions));
    }

    Position of(String consumer) {
        return positions.getOrDefault(consumer, Position.NONE);
    }

    Acknowledged merge(String consumer, Position written) {
        var all = new TreeMap<>(positions);
        all.merge(consumer, written, Position::merge);
        long common = all.values().stream().mapToLong(Position::upTo).min().orElse(-1);
        return new Acknowledged(Math.max(doneUpTo, common), all);
    }

    static Acknowledged parse(byte @Nullable [] value) {
        if (value == null) {
            return NOTHING;
        }
        var in = ByteBuffer.wrap(value);
        long doneUpTo = in.getLong();
        var positions = new TreeMap<String, Position>();
        while (in.hasRemaining()) {
            var name = new byte[in.getInt()];
            in.get(name);
            long upTo = in.getLong();
            var singles = new TreeSet<Long>();
            for (int left = in.getInt(); left > 0; left--) {
                singles.add(in.getLong());
            }
            positions.put(new String(name, StandardCharsets.UTF_8), new Position(upTo, singles));
        }
        return new Acknowledged(doneUpTo, positions);
    }

    byte[] write() {
        int size = Long.BYTES
                + positions.entrySet().stream()
                        .mapToInt(entry -> 2 * Integer.BYTES
                                + entry.getKey().getBytes(StandardCharsets.UTF_8).length
                                + Long.BYTES * (1 + entry.getValue().singles().size()))
                        .sum();
        var out = ByteBuffer.allocate(size).putLong(doneUpTo);
        positions.forEach((consumer, position) -> {
            var name = consumer.getBytes(StandardCharsets.UTF_8);
            out.putInt(name.length).put(name).putLong(position.upTo());
            out.putInt(position.singles().size());
            position.singles().forEach(out::putLong);
        });
        return out.array();
    }
}
