package dev.ncwrelay.bench.report;

import java.util.List;

/**
 * What one measurement found.
 *
 * @param conditions under which it holds, for people
 * @param jvm options of delivery-service's; the others' are the same unless its memory is measured
 */
public record Result(String name, String conditions, List<String> jvm, List<Latency> latencies, List<Figure> figures) {

    public Result {
        jvm = List.copyOf(jvm);
        latencies = List.copyOf(latencies);
        figures = List.copyOf(figures);
    }

    /** False when something was lost, refused or broken: then the other numbers mean little. */
    public boolean isSound() {
        return figures.stream().noneMatch(figure -> figure.fault() && figure.value() != 0);
    }
}
