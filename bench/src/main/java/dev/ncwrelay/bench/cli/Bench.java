package dev.ncwrelay.bench.cli;

import dev.ncwrelay.bench.measure.Measurement;
import dev.ncwrelay.bench.measure.Plan;
import dev.ncwrelay.bench.measure.WrongLoadException;
import dev.ncwrelay.bench.report.Commit;
import dev.ncwrelay.bench.report.Machine;
import dev.ncwrelay.bench.report.Report;
import dev.ncwrelay.bench.report.Result;
import dev.ncwrelay.bench.report.Table;
import dev.ncwrelay.bench.screen.Screen;
import dev.ncwrelay.bench.system.RunningSystem;
import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.stack.StackFailedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Entry point of ./relay bench. Exit codes: 0 measured, 1 a measurement is not sound or could not be made, 2 wrong usage. */
@Command(
        name = "bench",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "Measures a checkout's services, each measurement on a system of its own.")
public final class Bench implements Callable<Integer> {

    private static final List<Measurement> USUAL =
            List.of(Measurement.POLL, Measurement.RPC, Measurement.INTAKE, Measurement.MEMORY);

    private final Screen screen;

    @Parameters(
            arity = "0..*",
            paramLabel = "name",
            description = "poll, rpc, intake, memory or floor; all but floor if none.")
    private List<Measurement> names = new ArrayList<>();

    @Option(names = "--partitions", description = "Partitions of each topic (${DEFAULT-VALUE})", defaultValue = "12")
    private int partitions;

    @Option(names = "--root", paramLabel = "DIR", description = "The built checkout to measure; this one if not given.")
    private @Nullable Path root;

    @Option(names = "--results", paramLabel = "DIR", description = "Where the file goes; bench/results if not given.")
    private @Nullable Path results;

    @Mixin
    private LoadOptions load = new LoadOptions();

    Bench(PrintWriter out) {
        this.screen = new Screen(out);
    }

    public static void main(String[] args) {
        System.exit(commandLine(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .execute(args));
    }

    static CommandLine commandLine(PrintWriter out) {
        return new CommandLine(new Bench(out))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, _) -> {
                    if (failure instanceof WrongLoadException) {
                        command.getErr().println(failure.getMessage());
                        return 2;
                    }
                    throw failure;
                });
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        var own = Workspace.current().root();
        var measured = root == null ? own : root.toAbsolutePath().normalize();
        var plan = load.plan();
        var began = Instant.now();
        var commit = Commit.of(measured);
        var machine = Machine.current();
        screen.line("Measuring " + commit.id() + (commit.modified() ? " with changes" : "") + " on " + machine.cores()
                + " cores, " + machine.memoryMib() + " MiB, " + machine.system() + ", " + machine.jdk());
        var found = new ArrayList<Result>();
        var wanted = names.isEmpty() ? USUAL : names;
        for (var measurement : wanted) {
            measure(measurement, measured, plan).ifPresent(found::add);
        }
        if (found.isEmpty()) {
            return 1;
        }
        found.forEach(result -> Table.print(result, screen::line));
        var file = new Report(began, commit, Commit.of(own), machine, found)
                .write(results == null ? own.resolve("bench/results") : results);
        screen.line("");
        screen.line("xf: as a multiple of the floor's median, which was measured beside it. Written to "
                + file.getFileName());
        return found.size() == wanted.size() && found.stream().allMatch(Result::isSound) ? 0 : 1;
    }

    /** The result; empty when the measurement failed, which does not affect the others. */
    private Optional<Result> measure(Measurement measurement, Path checkout, Plan plan) throws InterruptedException {
        var name = measurement.name().toLowerCase(Locale.ROOT);
        screen.line("");
        screen.line("Starting a system to measure " + name);
        try (var system = RunningSystem.start(checkout, partitions, measurement.deliveryOptions(), screen)) {
            return Optional.of(measurement.run(system, plan, screen));
        } catch (StackFailedException | IllegalStateException e) {
            screen.line(name + " cannot be measured: " + e.getMessage());
            return Optional.empty();
        }
    }
}
