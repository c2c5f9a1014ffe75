package dev.ncwrelay.delivery.messages.ack;

import dev.ncwrelay.kafka.thread.CriticalThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Writes positions that nobody asks for, on a thread of its own: merges, uses, and consumers to be forgotten. */
public final class AckPositionMaintenance implements AutoCloseable {

    private static final int WRITE_INTERVAL_SECONDS = 1;
    private static final int REMOVE_INTERVAL_SECONDS = 300;
    private static final int MAX_GRACE_SECONDS = 3_600;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("positions").daemon().factory());

    private volatile List<Future<?>> tasks = List.of();

    /** Begins; what is on the log must have been read, or old records would be taken for the last ones. */
    public void start(AckPositions positions) {
        // Nodes differ in it, so that one forgets and the others see it forgotten.
        var grace = Duration.ofSeconds(ThreadLocalRandom.current().nextInt(MAX_GRACE_SECONDS));
        tasks = List.of(
                repeat(WRITE_INTERVAL_SECONDS, positions::writePending),
                repeat(REMOVE_INTERVAL_SECONDS, () -> positions.removeUnused(grace)));
    }

    /** Ends until it is begun again. */
    public void stop() {
        tasks.forEach(work -> work.cancel(false));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private Future<?> repeat(int seconds, Runnable work) {
        return timer.scheduleWithFixedDelay(CriticalThread.repeated(work), seconds, seconds, TimeUnit.SECONDS);
    }
}
