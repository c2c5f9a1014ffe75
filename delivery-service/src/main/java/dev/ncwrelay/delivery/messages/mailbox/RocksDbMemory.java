package dev.ncwrelay.delivery.messages.mailbox;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * Limits the memory of all stores of a node together. By default each store has 50 MiB of cache and up to 48 MiB of
 * write buffers of its own, and there is one store per partition. Public because Kafka Streams creates it by name.
 */
public final class RocksDbMemory implements RocksDBConfigSetter {

    static final String BYTES = "relay.mailbox.memory.bytes";

    private static final int BLOCK_BYTES = 16 * 1024;

    /**
     * The least that a store's write buffer takes. RocksDB's own value is 1 MiB: the empty buffers of 128 stores would exceed
     * the limit of all together, and each write would flush a buffer to a file of its own.
     */
    private static final int ARENA_BYTES = 16 * 1024;

    private static @Nullable Shared shared;

    private record Shared(long bytes, Cache cache, WriteBufferManager buffers) {}

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        var memory = shared((Long) Objects.requireNonNull(configs.get(BYTES), BYTES));
        var table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(memory.cache());
        table.setCacheIndexAndFilterBlocks(true);
        table.setBlockSize(BLOCK_BYTES);
        options.setWriteBufferManager(memory.buffers());
        options.setArenaBlockSize(ARENA_BYTES);
        options.setTableFormatConfig(table);
    }

    @Override
    public void close(String storeName, Options options) {
        // The cache is shared by all stores.
    }

    private static synchronized Shared shared(long bytes) {
        var before = shared;
        if (before != null && before.bytes() == bytes) {
            return before;
        }
        var cache = new LRUCache(bytes);
        var created = new Shared(bytes, cache, new WriteBufferManager(bytes / 2, cache));
        shared = created;
        return created;
    }
}
