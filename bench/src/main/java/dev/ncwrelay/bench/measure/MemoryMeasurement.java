package dev.ncwrelay.bench.measure;

import dev.ncwrelay.bench.report.Figure;
import dev.ncwrelay.bench.report.Result;
import dev.ncwrelay.bench.screen.Screen;
import dev.ncwrelay.bench.system.Device;
import dev.ncwrelay.bench.system.Registration;
import dev.ncwrelay.bench.system.RunningSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Memory of a held poll in delivery-service: the difference between few and many held polls, divided by their number. */
final class MemoryMeasurement {

    /**
     * A young generation that stays as it is, and an old one of which a full collection gives nearly all back that is
     * free: else the difference would be the collector's.
     */
    static final List<String> JVM_OPTIONS = List.of(
            "-Xms32m", "-Xmn16m", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10", "-XX:-ShrinkHeapInSteps");

    private static final Duration SETTLING = Duration.ofSeconds(3);
    private static final double KIB = 1024;
    private static final double MIB = KIB * KIB;

    private final RunningSystem system;
    private final Plan plan;
    private final Screen screen;

    /** Bytes at one moment. */
    private record Sample(double live, double resident) {}

    /** Bytes with few polls, and with many. */
    private record Round(Sample few, Sample many) {}

    MemoryMeasurement(RunningSystem system, Plan plan, Screen screen) {
        this.system = system;
        this.plan = plan;
        this.screen = screen;
    }

    Result run() throws InterruptedException {
        var devices = new Registration(system, screen).register(plan.manyPolls());
        var rounds = new ArrayList<Round>();
        int ended = 0;
        for (int round = 0; round <= plan.rounds(); round++) {
            int number = round;
            try (var polls = new HeldPolls(system.deliveryPort());
                    var _ = screen.watch(() -> "round " + number + " of " + plan.rounds())) {
                var measured = round(polls, devices);
                // The first one loads classes and fills caches.
                if (round > 0) {
                    rounds.add(measured);
                    ended += polls.ended();
                }
            }
        }
        return new Result(
                "memory",
                plan.fewPolls() + " and " + plan.manyPolls() + " held polls, median of " + plan.rounds()
                        + " rounds after full collections",
                system.delivery().options(),
                List.of(),
                List.of(
                        Figure.of("resident for each held poll", median(rounds, this::residentEach) / KIB, "KiB"),
                        Figure.of("live heap for each held poll", median(rounds, this::liveEach) / KIB, "KiB"),
                        Figure.of(
                                "resident with " + plan.fewPolls(),
                                median(rounds, round -> round.few().resident()) / MIB,
                                "MiB"),
                        Figure.of(
                                "resident with " + plan.manyPolls(),
                                median(rounds, round -> round.many().resident()) / MIB,
                                "MiB"),
                        Figure.fault("polls that ended meanwhile", ended)));
    }

    private Round round(HeldPolls polls, List<Device> devices) throws InterruptedException {
        polls.hold(devices.subList(0, plan.fewPolls()));
        var few = sample();
        polls.hold(devices.subList(plan.fewPolls(), plan.manyPolls()));
        return new Round(few, sample());
    }

    private Sample sample() throws InterruptedException {
        Thread.sleep(SETTLING);
        var process = system.delivery();
        double live = process.liveHeapBytes();
        process.collectGarbage();
        return new Sample(live, process.residentBytes());
    }

    private double residentEach(Round round) {
        return (round.many().resident() - round.few().resident()) / (plan.manyPolls() - plan.fewPolls());
    }

    private double liveEach(Round round) {
        return (round.many().live() - round.few().live()) / (plan.manyPolls() - plan.fewPolls());
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
        return rounds.stream()
                .mapToDouble(value)
                .sorted()
                .skip((rounds.size() - 1) / 2)
                .findFirst()
                .orElseThrow();
    }
}
