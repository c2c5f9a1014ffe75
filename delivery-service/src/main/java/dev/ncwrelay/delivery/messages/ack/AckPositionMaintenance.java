package dev.ncwrelay.delivery.messages.ack;

import dev.ncwrelay.kafka.thread.CriticalThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Periodically writes merged positions and usage marks, and removes unused consumers, on its own thread. */
public final class AckPositionMaintenance implements AutoCloseable {

    private static final int WRITE_INTERVAL_SECONDS = 1;
    private static final int REMOVE_INTERVAL_SECONDS = 300;
    private static final int MAX_GRACE_SECONDS = 3_600;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("positions").daemon().factory());

    private volatile List<Future<?>> tasks = List.of();

    /** Starts. The positions topic must have been read to its end, or old records would be treated as the latest. */
    public void start(AckPositions positions) {
        // Differs between nodes, so that one node removes a consumer and the others read the removal.
        var grace = Duration.ofSeconds(ThreadLocalRandom.current().nextInt(MAX_GRACE_SECONDS));
        tasks = List.of(
                repeat(WRITE_INTERVAL_SECONDS, positions::writePending),
                repeat(REMOVE_INTERVAL_SECONDS, () -> positions.removeUnused(grace)));
    }

    /** Stops until {@link #start} is called again. */
    public void stop() {
        tasks.forEach(task -> task.cancel(false));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private Future<?> repeat(int seconds, Runnable task) {
        return timer.scheduleWithFixedDelay(CriticalThread.repeated(task), seconds, seconds, TimeUnit.SECONDS);
    }
}
