package dev.ncwrelay.ops.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A file of settings that an option names. */
final class PropertiesFile {

    private PropertiesFile() {}

    /**
     * What is in the file; nothing when the option was not given.
     *
     * @throws NoSuchElementException when it cannot be read; names the option
     */
    static Map<String, String> read(String option, @Nullable Path file) {
        if (file == null) {
            return Map.of();
        }
        var read = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            read.load(reader);
        } catch (IOException e) {
            throw new NoSuchElementException(option + ": cannot read " + file, e);
        }
        var properties = new HashMap<String, String>();
        read.stringPropertyNames().forEach(name -> properties.put(name, read.getProperty(name)));
        return properties;
    }
}
