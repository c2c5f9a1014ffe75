package dev.ncwrelay.bench.report;

import java.util.Locale;
import java.util.function.Consumer;

/** Prints a result as a table. */
public final class Table {

    private Table() {}

    public static void print(Result result, Consumer<String> lines) {
        lines.accept("");
        lines.accept(result.name() + ": " + result.conditions());
        lines.accept("  JVM of delivery-service: " + String.join(" ", result.jvm()));
        if (!result.latencies().isEmpty()) {
            lines.accept(
                    row("", "count", "p50 ms", "p95 ms", "p99 ms", "max ms", "p50 xf", "p95 xf", "p99 xf", "max xf"));
        }
        for (var latency : result.latencies()) {
            var millis = latency.millis();
            var floor = latency.timesFloor();
            lines.accept(row(
                    latency.what(),
                    latency.count(),
                    two(millis.p50()),
                    two(millis.p95()),
                    two(millis.p99()),
                    two(millis.max()),
                    two(floor.p50()),
                    two(floor.p95()),
                    two(floor.p99()),
                    two(floor.max())));
        }
        for (var figure : result.figures()) {
            lines.accept(String.format(
                    Locale.ROOT,
                    "  %-42s %,12.2f %s%s",
                    figure.what(),
                    figure.value(),
                    figure.unit(),
                    figure.fault() && figure.value() != 0 ? "  <- must be 0: this run is no measurement" : ""));
        }
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, "  %-24s %8s %9s %9s %9s %9s   %7s %7s %7s %7s", cells);
    }

    private static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
