package dev.ncwrelay.ops.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Prints a line for each dead letter, and their number by topic and reason. */
@Command(name = "list", description = "Lists dead letters.", mixinStandardHelpOptions = true)
final class DltListCommand implements Callable<Integer> {

    private final PrintWriter out;

    @ParentCommand
    private DltCommand dlt = new DltCommand();

    @Option(names = "--topic", description = "only this dead-letter topic")
    private @Nullable String topic;

    @Option(
            names = "--since",
            defaultValue = "30d",
            description = "age (90m, 12h, 7d) or timestamp; default ${DEFAULT-VALUE}")
    private String since = "";

    @Option(names = "--reason", defaultValue = "", description = "only those whose reason contains this")
    private String reason = "";

    DltListCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        var deadLetters = dlt.deadLetters();
        var from = DltCommand.since(since, Instant.now());
        var counts = new TreeMap<String, Integer>();
        for (var each : DltCommand.topics(deadLetters, topic)) {
            deadLetters.read(List.of(each), from, letter -> {
                if (letter.reason().contains(reason)) {
                    DltCommand.line(out, letter);
                    counts.merge(each + "  " + letter.reason(), 1, Integer::sum);
                }
            });
        }
        if (counts.isEmpty()) {
            out.println("No dead letters.");
            return 0;
        }
        out.println();
        counts.forEach((kind, count) -> out.printf("%7d  %s%n", count, kind));
        return 0;
    }
}
