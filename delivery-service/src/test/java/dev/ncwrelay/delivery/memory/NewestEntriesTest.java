package dev.ncwrelay.delivery.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NewestEntriesTest {

    private static final int MAX_ENTRIES = 100;
    private static final Duration MEMORY = Duration.ofMinutes(5);

    private final AtomicLong nanos = new AtomicLong();
    private final NewestEntries<Integer, String> entries = new NewestEntries<>(MAX_ENTRIES, MEMORY, nanos::get);

    @Test
    void put_keepsTheNewest_howeverOftenOthersAreRead() {
        for (int key = 0; key < 3 * MAX_ENTRIES; key++) {
            entries.put(key, "value");
            for (int old = 0; old < MAX_ENTRIES; old++) {
                entries.get(old);
            }
        }

        assertThat(IntStream.range(0, 3 * MAX_ENTRIES).filter(key -> entries.get(key) != null))
                .containsExactlyElementsOf(IntStream.range(2 * MAX_ENTRIES, 3 * MAX_ENTRIES)
                        .boxed()
                        .toList());
    }

    @Test
    void put_makesAnEntryTheNewest() {
        entries.put(0, "first");
        for (int key = 1; key < MAX_ENTRIES; key++) {
            entries.put(key, "value");
        }

        entries.put(0, "second");
        entries.put(MAX_ENTRIES, "value");

        assertThat(entries.get(0)).isEqualTo("second");
        assertThat(entries.get(1)).isNull();
    }

    @Test
    void putIfAbsent_keepsTheFirstValue_untilItExpires() {
        assertThat(entries.putIfAbsent(1, "first")).isNull();

        nanos.addAndGet(MEMORY.toNanos() - 1);
        assertThat(entries.putIfAbsent(1, "second")).isEqualTo("first");

        nanos.incrementAndGet();
        assertThat(entries.get(1)).isNull();
        assertThat(entries.putIfAbsent(1, "third")).isNull();
        assertThat(entries.get(1)).isEqualTo("third");
    }

    @Test
    void remove_removesThatValueOnly() {
        entries.put(1, "value");

        entries.remove(1, "other");
        assertThat(entries.get(1)).isEqualTo("value");

        entries.remove(1, "value");
        assertThat(entries.get(1)).isNull();
    }

    @Test
    void put_removesExpiredEntries() {
        for (int key = 0; key < MAX_ENTRIES; key++) {
            entries.put(key, "value");
        }
        nanos.addAndGet(MEMORY.toNanos());

        for (int key = 0; key < MAX_ENTRIES / 2; key++) {
            entries.put(MAX_ENTRIES + key, "value");
        }

        // Two are removed for each that is put.
        assertThat(entries.size()).isEqualTo(MAX_ENTRIES / 2);
    }

    @Test
    void putIfAbsent_succeedsForOneThread() {
        var all = new NewestEntries<Integer, String>(10_000, MEMORY, nanos::get);
        var added = new AtomicInteger();

        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int worker = 0; worker < 8; worker++) {
                workers.execute(() -> IntStream.range(0, 10_000)
                        .filter(key -> all.putIfAbsent(key, "value") == null)
                        .forEach(_ -> added.incrementAndGet()));
            }
        }

        assertThat(added).hasValue(10_000);
    }
}
