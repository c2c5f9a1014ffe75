package dev.ncwrelay.delivery.messages.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class RocksDbMemoryTest {

    private static final int STORES = 32;

    @TempDir
    private Path folder;

    /** 8 MiB, of which write buffers have the half: less than a MiB for each of the stores. */
    @Test
    void smallWritesToManyStores_areNotFlushed() throws RocksDBException {
        var memory = new RocksDbMemory();
        var stores = new ArrayList<RocksDB>();
        try (var options = new Options()) {
            options.setCreateIfMissing(true);
            options.setTableFormatConfig(new BlockBasedTableConfig());
            memory.setConfig("mailbox", options, Map.of(RocksDbMemory.BYTES, 8L * 1024 * 1024));
            for (int number = 0; number < STORES; number++) {
                stores.add(
                        RocksDB.open(options, folder.resolve("store-" + number).toString()));
            }

            for (var store : stores) {
                for (byte key = 0; key < 20; key++) {
                    store.put(new byte[] {key}, new byte[1_000]);
                }
            }

            assertThat(stores).allSatisfy(store -> {
                assertThat(store.getLiveFiles(false).files).noneMatch(file -> file.endsWith(".sst"));
                assertThat(store.getProperty("rocksdb.num-immutable-mem-table")).isEqualTo("0");
                assertThat(store.getProperty("rocksdb.mem-table-flush-pending")).isEqualTo("0");
            });
        } finally {
            stores.forEach(RocksDB::close);
        }
    }
}
