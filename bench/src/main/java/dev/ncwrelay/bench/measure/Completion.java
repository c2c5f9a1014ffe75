package dev.ncwrelay.bench.measure;

import dev.ncwrelay.bench.load.Tally;
import java.time.Duration;
import java.time.Instant;

/** Waits for what is still on its way when all has been sent. */
final class Completion {

    private static final Duration PAUSE = Duration.ofMillis(50);

    private Completion() {}

    static void await(Tally tally, int seconds) throws InterruptedException {
        var end = Instant.now().plusSeconds(seconds);
        while (!tally.isComplete() && Instant.now().isBefore(end)) {
            Thread.sleep(PAUSE);
        }
    }
}
