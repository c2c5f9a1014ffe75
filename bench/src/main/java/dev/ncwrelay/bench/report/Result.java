package dev.ncwrelay.bench.report;

import java.util.List;

/**
 * What one measurement found.
 *
 * @param conditions under which it holds, for people
 */
public record Result(String name, String conditions, List<Latency> latencies, List<Figure> figures) {

    public Result {
        latencies = List.copyOf(latencies);
        figures = List.copyOf(figures);
    }

    /** False when something was lost, refused or broken: then the other numbers mean little. */
    public boolean isSound() {
        return figures.stream().noneMatch(figure -> figure.fault() && figure.value() != 0);
    }
}
