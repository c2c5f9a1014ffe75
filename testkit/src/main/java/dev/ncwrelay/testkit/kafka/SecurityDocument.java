package dev.ncwrelay.testkit.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The code blocks of {@code docs/security-kafka.md}, so that tests run what operators read.
 *
 * @param lines of the page
 */
record SecurityDocument(List<String> lines) {

    private static final String FENCE = "```";

    SecurityDocument {
        lines = List.copyOf(lines);
    }

    /** The page in the project's root folder, which the build names in {@code relay.root}. */
    static SecurityDocument read() {
        var page = Path.of(System.getProperty("relay.root", ".."), "docs", "security-kafka.md");
        try {
            return new SecurityDocument(Files.readAllLines(page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first code block below this heading. */
    String block(String heading) {
        var below = lines.stream()
                .dropWhile(line -> !line.replaceFirst("^#+ ", "").equals(heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## ") && !line.startsWith("### "))
                .dropWhile(line -> !line.startsWith(FENCE))
                .skip(1)
                .takeWhile(line -> !line.startsWith(FENCE))
                .toList();
        if (below.isEmpty()) {
            throw new IllegalArgumentException("docs/security-kafka.md has no code block below " + heading);
        }
        return String.join("\n", below) + "\n";
    }

    /** The same with the values of {@code ${NAME}}. */
    String block(String heading, Map<String, String> values) {
        var text = block(heading);
        for (var value : values.entrySet()) {
            text = text.replace("${" + value.getKey() + "}", value.getValue());
        }
        return text;
    }
}
