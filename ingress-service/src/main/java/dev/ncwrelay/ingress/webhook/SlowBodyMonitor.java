package dev.ncwrelay.ingress.webhook;

import dev.ncwrelay.kafka.thread.CriticalThread;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Ends bodies that arrive more slowly than the minimum rate. */
final class SlowBodyMonitor implements AutoCloseable {

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("slow-bodies").daemon().factory());

    SlowBodyMonitor(BodyBudget budget, IngressSettings.Http settings) {
        long window = settings.rateWindow().toNanos();
        long bytes =
                Math.max(1, settings.minRate().toBytes() * settings.rateWindow().toMillis() / 1000);
        long period = Math.max(50, Math.min(1000, Duration.ofNanos(window).toMillis() / 4));
        var _ = timer.scheduleWithFixedDelay(
                CriticalThread.repeated(() -> {
                    long now = System.nanoTime();
                    budget.arriving().forEach(holder -> holder.requireRate(now, window, bytes));
                }),
                period,
                period,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
