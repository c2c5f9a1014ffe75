package dev.ncwrelay.schemas.serde;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * All versions of a record's schema, oldest first, as committed under {@code schema-history/<record>/v<n>.avsc}. This build
 * writes the last one.
 *
 * @param record the record's simple name
 * @param versions the schema texts; version n is at index n-1
 */
public record SchemaHistory(String record, List<String> versions) {

    private static final ConcurrentMap<String, SchemaHistory> LOADED = new ConcurrentHashMap<>();

    public SchemaHistory {
        versions = List.copyOf(versions);
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("no schema version of " + record + " is committed");
        }
    }

    /** The history of the record with this simple name. */
    public static SchemaHistory of(String record) {
        return LOADED.computeIfAbsent(record, SchemaHistory::load);
    }

    /** The version that this build writes, counted from 1 as in the registry. */
    public int latestVersion() {
        return versions.size();
    }

    private static SchemaHistory load(String record) {
        var versions = new ArrayList<String>();
        while (true) {
            var path = "/schema-history/" + record + "/v" + (versions.size() + 1) + ".avsc";
            try (var in = SchemaHistory.class.getResourceAsStream(path)) {
                if (in == null) {
                    return new SchemaHistory(record, versions);
                }
                versions.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(path, e);
            }
        }
    }
}
