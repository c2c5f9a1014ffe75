package dev.ncwrelay.bench.measure;

/**
 * How much load, and for how long.
 *
 * @param warmSeconds of the same load before what is measured, so that the compilers are done
 * @param seconds that are measured
 * @param devices the load is spread over so many; each holds a poll where polls are measured
 * @param pollRate webhooks a second while polls are measured
 * @param rpcRate calls a second
 * @param connections of which each sends the next webhook when the last one is answered
 * @param webhooks sent over them in all, of which the first third warms up
 * @param fewPolls held at first while their memory is measured
 * @param manyPolls held then
 * @param rounds of that, after one to warm up
 */
public record Plan(
        int warmSeconds,
        int seconds,
        int devices,
        int pollRate,
        int rpcRate,
        int connections,
        int webhooks,
        int fewPolls,
        int manyPolls,
        int rounds) {

    private static final int PER_DEVICE_AND_SECOND = 10;
    private static final int WARM_SHARE = 3;

    public Plan {
        requireAtLeast(0, "--warm", warmSeconds);
        requireAtLeast(1, "--seconds", seconds);
        requireAtLeast(1, "--poll-rate", pollRate);
        requireAtLeast(1, "--rpc-rate", rpcRate);
        // A device that asks more often than it may is refused, and no longer measures anything.
        requireAtLeast(
                Math.ceilDiv(Math.max(pollRate, rpcRate), PER_DEVICE_AND_SECOND),
                "--devices, for these rates,",
                devices);
        requireAtLeast(1, "--connections", connections);
        requireAtLeast(WARM_SHARE, "--webhooks", webhooks);
        requireAtLeast(0, "--few", fewPolls);
        requireAtLeast(fewPolls + 1, "--many", manyPolls);
        requireAtLeast(1, "--rounds", rounds);
    }

    int warmWebhooks() {
        return webhooks / WARM_SHARE;
    }

    private static void requireAtLeast(int least, String option, int value) {
        if (value < least) {
            throw new WrongLoadException(option + " must be at least " + least + ", not " + value);
        }
    }
}
