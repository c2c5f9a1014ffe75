package dev.ncwrelay.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The real ones. */
final class SystemTiming implements Timing {

    @Override
    public long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    @Override
    public void sleep(Duration time, CompletableFuture<?> end) throws InterruptedException {
        if (time.isZero() || time.isNegative()) {
            return;
        }
        try {
            end.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException over) {
            // The time is over, or the end has come.
        }
    }

    @Override
    public Duration limit(Duration time) {
        return time;
    }
}
