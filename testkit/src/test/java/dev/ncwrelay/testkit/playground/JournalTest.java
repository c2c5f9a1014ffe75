package dev.ncwrelay.testkit.playground;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class JournalTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final Journal journal = new Journal();

    @Test
    void entries_areNumberedAndReadFromWhereTheReaderIs() {
        journal.add("call", Map.of("method", "one"));
        journal.add("record", Map.of("topic", "two"));

        assertThat(journal.latest()).isEqualTo(2);
        assertThat(soon(journal.after(1, LONG)))
                .containsExactly(Map.of("sequence", 2L, "kind", "record", "topic", "two"));
    }

    @Test
    void reader_waitsForTheNextEntry() {
        var waiting = journal.after(0, LONG).toCompletableFuture();
        assertThat(waiting).isNotDone();

        journal.add("call", Map.of());

        assertThat(soon(waiting)).hasSize(1);
    }

    @Test
    void wait_endsWithoutAnEntry() {
        assertThat(soon(journal.after(0, Duration.ofMillis(1)))).isEmpty();
    }

    @Test
    void numberOfBeforeARestart_beginsAnew() {
        journal.add("call", Map.of());

        assertThat(soon(journal.after(7, LONG))).hasSize(1);
    }

    @Test
    void onlyTheLatest_areKept() {
        IntStream.range(0, 3_000).forEach(_ -> journal.add("call", Map.of()));

        assertThat(soon(journal.after(0, LONG)))
                .hasSize(200)
                .first()
                .isEqualTo(Map.of("sequence", 1_001L, "kind", "call"));
    }

    private static List<Map<String, Object>> soon(CompletionStage<List<Map<String, Object>>> entries) {
        return entries.toCompletableFuture().orTimeout(1, TimeUnit.MINUTES).join();
    }
}
