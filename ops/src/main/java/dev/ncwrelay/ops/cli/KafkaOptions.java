package dev.ncwrelay.ops.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The file of {@code --config}: settings of all Kafka clients, as Kafka's own tools take them. */
final class ClientProperties {

    private ClientProperties() {}

    /** No settings when there is no file. */
    static Map<String, String> read(@Nullable Path config) {
        if (config == null) {
            return Map.of();
        }
        var file = new Properties();
        try (var reader = Files.newBufferedReader(config)) {
            file.load(reader);
        } catch (IOException e) {
            throw new NoSuchElementException("--config: cannot read " + config, e);
        }
        var properties = new HashMap<String, String>();
        file.stringPropertyNames().forEach(name -> properties.put(name, file.getProperty(name)));
        return properties;
    }
}
