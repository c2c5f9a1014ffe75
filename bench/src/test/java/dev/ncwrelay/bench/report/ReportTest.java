package dev.ncwrelay.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.bench.load.Latencies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

    @Test
    void file_isNamedByTimeAndCommit_andHasWhatWasFound(@TempDir Path folder) throws IOException {
        // Given
        var report = new Report(
                Instant.parse("2026-03-04T05:06:07Z"),
                new Commit("abc1234", false),
                new Commit("def5678", true),
                new Machine(2, 1_024, "Linux amd64", "Vendor 25"),
                List.of(result(Figure.fault("missing", 0))));

        // When
        var file = report.write(folder.resolve("results"));

        // Then
        var json = JsonMapper.shared().readTree(Files.readString(file));
        assertThat(file.getFileName()).hasToString("2026-03-04T0506-abc1234.json");
        assertThat(json.at("/machine/cores").asInt()).isEqualTo(2);
        assertThat(json.at("/commit/id").asString()).isEqualTo("abc1234");
        assertThat(json.at("/results/0/latencies/0/timesFloor/p50").asDouble()).isEqualTo(2.0);
        assertThat(json.at("/results/0/sound").asBoolean()).isTrue();
    }

    @Test
    void result_isNotSound_whenSomethingWasLost() {
        assertThat(result(Figure.fault("missing", 1)).isSound()).isFalse();
        assertThat(result(Figure.count("repeated", 1)).isSound()).isTrue();
    }

    @Test
    void table_saysWhyAResultIsNone() {
        var lines = new ArrayList<String>();

        Table.print(result(Figure.fault("missing", 1)), lines::add);

        assertThat(lines).anyMatch(line -> line.contains("way") && line.contains("8.00"));
        assertThat(lines).anyMatch(line -> line.contains("missing") && line.contains("must be 0"));
    }

    private static Result result(Figure figure) {
        return new Result(
                "poll", "in a test", List.of("-Xmx1g"), List.of(Latency.of("way", of(8), of(4))), List.of(figure));
    }

    private static Latencies of(int millis) {
        var latencies = new Latencies();
        latencies.record(millis * 1_000_000L);
        return latencies;
    }
}
