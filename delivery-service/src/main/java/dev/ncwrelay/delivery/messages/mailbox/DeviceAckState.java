package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.ack.AckPosition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the consumers of a device have acknowledged, stored as one value, so that the common position never exceeds an
 * individual one.
 *
 * @param ackedUpTo the highest offset up to which all consumers known at some time had acknowledged; -1 for none
 * @param consumers by consumer name
 */
record DeviceAckState(long ackedUpTo, SortedMap<String, Consumer> consumers) {

    static final DeviceAckState EMPTY = new DeviceAckState(-1, Collections.emptySortedMap());

    DeviceAckState {
        consumers = Collections.unmodifiableSortedMap(new TreeMap<>(consumers));
    }

    /**
     * One consumer.
     *
     * @param record offset of the last applied record on {@code ncw.device.cursors}
     */
    record Consumer(AckPosition position, long record) {

        private Consumer merge(Consumer other) {
            return new Consumer(position.merge(other.position), Math.max(record, other.record));
        }
    }

    /**
     * This state with a record of a consumer's position, unless it was applied before: the consumer may have been
     * removed since.
     */
    DeviceAckState merge(String name, AckPosition written, long record) {
        var known = consumers.get(name);
        if (known != null && record <= known.record()) {
            return this;
        }
        var all = new TreeMap<>(consumers);
        all.merge(name, new Consumer(written, record), Consumer::merge);
        return with(all);
    }

    /** This state without the consumer, unless it has a record after this offset. */
    DeviceAckState without(String name, long record) {
        var known = consumers.get(name);
        if (known == null || known.record() > record) {
            return this;
        }
        var others = new TreeMap<>(consumers);
        others.remove(name);
        return with(others);
    }

    /**
     * Keeps the consumers of the latest ownership only: what a former owner's consumers did or did not acknowledge no
     * longer matters.
     */
    private DeviceAckState with(SortedMap<String, Consumer> merged) {
        long epoch = merged.values().stream()
                .mapToLong(consumer -> consumer.position().epoch())
                .max()
                .orElse(0);
        var all = new TreeMap<>(merged);
        all.values().removeIf(consumer -> consumer.position().epoch() < epoch);
        long common = all.values().stream()
                .mapToLong(consumer -> consumer.position().upTo())
                .min()
                .orElse(-1);
        return new DeviceAckState(Math.max(ackedUpTo, common), all);
    }

    static DeviceAckState parse(byte @Nullable [] value) {
        if (value == null) {
            return EMPTY;
        }
        var in = ValueFormat.ACKNOWLEDGED.read(value);
        long ackedUpTo = in.getLong();
        var consumers = new TreeMap<String, Consumer>();
        while (in.hasRemaining()) {
            var name = new byte[in.getInt()];
            in.get(name);
            long record = in.getLong();
            long epoch = in.getLong();
            long upTo = in.getLong();
            var individual = new TreeSet<Long>();
            for (int left = in.getInt(); left > 0; left--) {
                individual.add(in.getLong());
            }
            consumers.put(
                    new String(name, StandardCharsets.UTF_8),
                    new Consumer(new AckPosition(epoch, upTo, individual), record));
        }
        return new DeviceAckState(ackedUpTo, consumers);
    }

    byte[] write() {
        int size = Long.BYTES
                + consumers.entrySet().stream()
                        .mapToInt(entry -> size(entry.getKey(), entry.getValue()))
                        .sum();
        return ValueFormat.ACKNOWLEDGED.write(size, out -> {
            out.putLong(ackedUpTo);
            consumers.forEach((name, state) -> write(name, state, out));
        });
    }

    private static void write(String name, Consumer state, ByteBuffer out) {
        var bytes = name.getBytes(StandardCharsets.UTF_8);
        var position = state.position();
        out.putInt(bytes.length).put(bytes).putLong(state.record());
        out.putLong(position.epoch()).putLong(position.upTo());
        out.putInt(position.individual().size());
        position.individual().forEach(out::putLong);
    }

    private static int size(String name, Consumer state) {
        return 2 * Integer.BYTES
                + name.getBytes(StandardCharsets.UTF_8).length
                + Long.BYTES * (3 + state.position().individual().size());
    }
}
