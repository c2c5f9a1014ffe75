package dev.ncwrelay.bench.cli;

import dev.ncwrelay.bench.measure.Plan;
import picocli.CommandLine.Option;

/** How much load, and for how long. */
final class LoadOptions {

    private static final String SHOWN = " (${DEFAULT-VALUE})";

    @Option(names = "--warm", description = "Seconds of load before what is measured" + SHOWN, defaultValue = "120")
    private int warm;

    @Option(names = "--seconds", description = "Seconds that are measured" + SHOWN, defaultValue = "60")
    private int seconds;

    @Option(names = "--devices", description = "Devices that the load is spread over" + SHOWN, defaultValue = "1000")
    private int devices;

    @Option(names = "--poll-rate", description = "Webhooks a second, for poll and floor" + SHOWN, defaultValue = "200")
    private int pollRate;

    @Option(names = "--rpc-rate", description = "Calls a second, for rpc" + SHOWN, defaultValue = "100")
    private int rpcRate;

    @Option(names = "--connections", description = "Connections, for intake" + SHOWN, defaultValue = "16")
    private int connections;

    @Option(
            names = "--webhooks",
            description = "Webhooks for intake, a third of them to warm up" + SHOWN,
            defaultValue = "60000")
    private int webhooks;

    @Option(names = "--few", description = "Polls held at first, for memory" + SHOWN, defaultValue = "1000")
    private int few;

    @Option(names = "--many", description = "Polls held then, for memory" + SHOWN, defaultValue = "5000")
    private int many;

    @Option(names = "--rounds", description = "Rounds, for memory" + SHOWN, defaultValue = "3")
    private int rounds;

    Plan plan() {
        return new Plan(warm, seconds, devices, pollRate, rpcRate, connections, webhooks, few, many, rounds);
    }
}
