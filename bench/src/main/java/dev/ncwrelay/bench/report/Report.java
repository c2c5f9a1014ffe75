package dev.ncwrelay.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run.
 *
 * @param at when it began
 * @param commit what was measured
 * @param bench what it was measured with
 */
public record Report(Instant at, Commit commit, Commit bench, Machine machine, List<Result> results) {

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HHmm").withZone(ZoneOffset.UTC);
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public Report {
        results = List.copyOf(results);
    }

    /** Writes it to a file of this folder that is named by time and commit. */
    public Path write(Path folder) throws IOException {
        var file = Files.createDirectories(folder).resolve(NAME.format(at) + "-" + commit.id() + ".json");
        return Files.writeString(file, json() + "\n");
    }

    String json() {
        return JSON.writeValueAsString(this);
    }
}
