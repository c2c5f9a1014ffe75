package dev.ncwrelay.rpc.credentials;

import dev.ncwrelay.kafka.thread.CriticalThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Checks the key files at an interval, so that keys can be replaced without a restart. */
final class CredentialsReloader implements AutoCloseable {

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("credentials").daemon().factory());

    /** @param interval zero for never */
    CredentialsReloader(List<ApiUser> users, Duration interval) {
        if (interval.isPositive()) {
            var _ = thread.scheduleWithFixedDelay(
                    CriticalThread.repeated(() -> users.forEach(ApiUser::reload)),
                    interval.toMillis(),
                    interval.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
