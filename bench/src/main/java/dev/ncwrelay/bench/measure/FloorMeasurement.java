package dev.ncwrelay.bench.measure;

import dev.ncwrelay.bench.load.Schedule;
import dev.ncwrelay.bench.report.Figure;
import dev.ncwrelay.bench.report.Latency;
import dev.ncwrelay.bench.report.Result;
import dev.ncwrelay.bench.screen.Screen;
import dev.ncwrelay.bench.system.RunningSystem;
import dev.ncwrelay.testkit.samples.WebhookBody;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Kafka alone, while the services are idle. */
final class FloorMeasurement {

    private final RunningSystem system;
    private final Plan plan;
    private final Screen screen;

    FloorMeasurement(RunningSystem system, Plan plan, Screen screen) {
        this.system = system;
        this.plan = plan;
        this.screen = screen;
    }

    Result run() throws InterruptedException {
        Floor.prepare(system);
        var record = WebhookBody.v2("transaction.status.updated").bytes();
        var schedule = Schedule.lasting(
                System.nanoTime() + TimeUnit.SECONDS.toNanos(1), plan.pollRate(), plan.warmSeconds(), plan.seconds());
        try (var floor = Floor.start(system, schedule, List.of(record));
                var _ = screen.watch(() -> floor.sent() + " of " + schedule.count() + " records sent")) {
            var tally = floor.finish();
            return new Result(
                    "floor",
                    plan.pollRate() + " records a second of " + record.length + " bytes, nothing beside; "
                            + plan.warmSeconds() + " s to warm up, " + plan.seconds() + " s measured",
                    system.delivery().options(),
                    List.of(
                            Latency.of("floor: Kafka alone", tally.latencies(), tally.latencies()),
                            Latency.of("late sends of the load", floor.lateness(), tally.latencies())),
                    List.of(Figure.fault("missing of the floor", tally.missing())));
        }
    }
}
