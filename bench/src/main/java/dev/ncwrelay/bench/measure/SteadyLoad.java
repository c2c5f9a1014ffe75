package dev.ncwrelay.bench.measure;

import dev.ncwrelay.bench.load.OpenLoop;
import dev.ncwrelay.bench.load.Schedule;
import dev.ncwrelay.bench.load.Tally;
import dev.ncwrelay.bench.report.Figure;
import dev.ncwrelay.bench.report.Latency;
import dev.ncwrelay.bench.report.Result;
import dev.ncwrelay.bench.screen.Screen;
import dev.ncwrelay.bench.system.RunningSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A load at a steady rate with the floor beside it, and what both found. */
final class SteadyLoad {

    /** Time to get everything going before the first send is due. */
    private static final long LEAD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int GRACE_SECONDS = 10;

    private final RunningSystem system;
    private final Plan plan;
    private final Screen screen;
    private final Schedule schedule;
    private final Tally tally;

    SteadyLoad(RunningSystem system, Plan plan, int perSecond, Screen screen) {
        this.system = system;
        this.plan = plan;
        this.screen = screen;
        this.schedule = Schedule.lasting(System.nanoTime() + LEAD_NANOS, perSecond, plan.warmSeconds(), plan.seconds());
        this.tally = new Tally(schedule);
    }

    /** Receives arrivals and failures. */
    Tally tally() {
        return tally;
    }

    /**
     * Sends all of it.
     *
     * @param what the way whose latency the tally has
     * @param floorRecords records as large as those of the load
     */
    Result run(String name, String conditions, String what, List<byte[]> floorRecords, OpenLoop.Send send)
            throws InterruptedException {
        var use = new ProcessorUse(system);
        var loop = new OpenLoop(schedule, index -> {
            if (index == schedule.warm()) {
                use.begin();
            }
            send.begin(index);
        });
        try (var floor = Floor.start(system, schedule.between(), floorRecords);
                var _ = screen.watch(() -> progress(loop))) {
            loop.run();
            Completion.await(tally, GRACE_SECONDS);
            var processors = use.perMessage(schedule.counted());
            var floorTally = floor.finish();
            var latencies = List.of(
                    Latency.of(what, tally.latencies(), floorTally.latencies()),
                    Latency.of("floor: Kafka alone", floorTally.latencies(), floorTally.latencies()),
                    Latency.of("late sends of the load", loop.lateness(), floorTally.latencies()));
            tally.firstFailure().ifPresent(reason -> screen.line("  what went wrong first: " + reason));
            var figures = new ArrayList<>(faults(floorTally));
            figures.addAll(processors);
            return new Result(name, conditions + lasting(), system.delivery().options(), latencies, figures);
        }
    }

    private List<Figure> faults(Tally floor) {
        return List.of(
                Figure.fault("missing", tally.missing()),
                Figure.count("missing of the warm-up", tally.missingOfWarmUp()),
                Figure.count("sends refused or broken", tally.failures()),
                Figure.fault("polls refused and tried again", tally.delays()),
                Figure.count("repeated", tally.repeated()),
                Figure.fault("missing of the floor", floor.missing()));
    }

    private String progress(OpenLoop loop) {
        int seconds = loop.sent() / schedule.perSecond();
        return seconds < plan.warmSeconds()
                ? "warming up, " + seconds + " of " + plan.warmSeconds() + " s"
                : "measuring, " + (seconds - plan.warmSeconds()) + " of " + plan.seconds() + " s, median "
                        + Math.round(tally.latencies().percentile(50)) + " ms";
    }

    private String lasting() {
        return "; " + plan.warmSeconds() + " s to warm up, " + plan.seconds() + " s measured";
    }
}
