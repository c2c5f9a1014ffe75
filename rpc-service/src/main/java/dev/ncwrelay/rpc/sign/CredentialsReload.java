package dev.ncwrelay.rpc.sign;

import dev.ncwrelay.schemas.thread.VitalThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Looks at the key files now and then, so that keys can be replaced without a restart. */
final class CredentialsReload implements AutoCloseable {

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("credentials").daemon().factory());

    /** @param interval zero is never */
    CredentialsReload(List<ApiUser> users, Duration interval) {
        if (interval.isPositive()) {
            var _ = thread.scheduleWithFixedDelay(
                    VitalThread.repeated(() -> users.forEach(ApiUser::reload)),
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
