package dev.ncwrelay.bench.measure;

import dev.ncwrelay.bench.load.Tally;
import java.time.Duration;
import java.time.Instant;

/** Waits for the messages that are still in flight when all have been sent. */
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
