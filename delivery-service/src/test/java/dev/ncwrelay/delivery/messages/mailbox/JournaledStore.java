package dev.ncwrelay.delivery.messages.mailbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A store that records every single write, so that a test can cut it off after any of them. */
final class JournaledStore implements KeyValueStore<Bytes, byte[]> {

    private final NavigableMap<Bytes, byte[]> content = new TreeMap<>();
    private final List<Map.Entry<Bytes, byte[]>> journal;

    private static final byte[] DELETED = {};

    JournaledStore() {
        this.journal = new ArrayList<>();
    }

    private JournaledStore(List<Map.Entry<Bytes, byte[]>> journal) {
        this.journal = new ArrayList<>(journal);
        journal.forEach(write -> apply(write.getKey(), write.getValue()));
    }

    /** Number of writes. */
    int writes() {
        return journal.size();
    }

    /** The content of a copy that has read this many of the writes. */
    JournaledStore after(int writes) {
        return new JournaledStore(journal.subList(0, writes));
    }

    /** Lets a copy that has read some of the writes continue up to this many. */
    void copyTo(JournaledStore copy, int writes) {
        for (int next = copy.writes(); next < writes; next++) {
            copy.put(journal.get(next).getKey(), journal.get(next).getValue());
        }
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        var written = value == null ? DELETED : value;
        journal.add(Map.entry(key, written));
        apply(key, written);
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
        return content.get(key);
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
        var before = content.get(key);
        put(key, null);
        return before;
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        return new Snapshot(new TreeMap<>(content.subMap(from, true, to, true)));
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return new Snapshot(new TreeMap<>(content));
    }

    private void apply(Bytes key, byte[] value) {
        if (value.length == 0) {
            content.remove(key);
        } else {
            content.put(key, value);
        }
    }

    @Override
    public byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long approximateNumEntries() {
        return content.size();
    }

    @Override
    public String name() {
        return "journaled";
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    private static final class Snapshot implements KeyValueIterator<Bytes, byte[]> {

        private final NavigableMap<Bytes, byte[]> left;

        private Snapshot(NavigableMap<Bytes, byte[]> content) {
            this.left = content;
        }

        @Override
        public boolean hasNext() {
            return !left.isEmpty();
        }

        @Override
        public KeyValue<Bytes, byte[]> next() {
            var first = left.pollFirstEntry();
            return KeyValue.pair(first.getKey(), first.getValue());
        }

        @Override
        public Bytes peekNextKey() {
            return left.firstKey();
        }

        @Override
        public void close() {}
    }
}
