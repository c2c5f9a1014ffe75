package dev.ncwrelay.delivery.messages.compat;

import dev.ncwrelay.delivery.http.connection.HeldRequest;
import dev.ncwrelay.delivery.limit.Admission;
import dev.ncwrelay.delivery.limit.DeviceRateLimiter;
import dev.ncwrelay.delivery.problem.Problem;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Slows down clients that ask too often by answering later. The demo's clients do not look at the status: they ask again
 * at once after a 429, so that is kept for what goes far beyond the pace.
 */
final class ThrottledRequests {

    private static final Duration MAX_DELAY = Duration.ofSeconds(2);

    private final DeviceRateLimiter pace;
    private final ScheduledExecutorService timers;
    private final Executor workers;

    ThrottledRequests(DeviceRateLimiter pace, ScheduledExecutorService timers, Executor workers) {
        this.pace = pace;
        this.timers = timers;
        this.workers = workers;
    }

    /**
     * Starts the wait as soon as the pace of the device allows; once more after a while where the device has as many
     * waits as it may.
     *
     * @throws org.springframework.web.ErrorResponseException 429 when the device is far beyond its pace, and whatever
     *     a wait that starts at once is refused with
     */
    void start(String deviceId, HeldRequest<?> request, Supplier<Admission> wait) {
        var delay = pace.reserve(deviceId, MAX_DELAY).orElseThrow(Problem::tooFast);
        if (delay.isZero()) {
            startOrLater(request, wait);
        } else {
            runAfter(delay, request, () -> startOrLater(request, wait));
        }
    }

    /**
     * Does something for the device as soon as its pace for that allows.
     *
     * @throws org.springframework.web.ErrorResponseException 429 when the device is far beyond that pace
     */
    <T> CompletableFuture<T> then(String deviceId, Supplier<CompletableFuture<T>> work) {
        // On a budget of its own: deleting what came must not slow down asking for more.
        var delay = pace.reserve(deviceId + "/deletions", MAX_DELAY).orElseThrow(Problem::tooFast);
        if (delay.isZero()) {
            return work.get();
        }
        var done = new CompletableFuture<T>();
        var _ = timers.schedule(
                () -> workers.execute(() -> complete(done, work)), delay.toNanos(), TimeUnit.NANOSECONDS);
        return done;
    }

    private static <T> void complete(CompletableFuture<T> done, Supplier<CompletableFuture<T>> work) {
        try {
            var _ = work.get().whenComplete((value, failure) -> {
                if (failure == null) {
                    done.complete(value);
                } else {
                    done.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException refused) {
            done.completeExceptionally(refused);
        }
    }

    private void startOrLater(HeldRequest<?> request, Supplier<Admission> wait) {
        var admission = wait.get();
        if (admission instanceof Admission.DeviceFull) {
            runAfter(MAX_DELAY, request, () -> request.admit(wait.get()));
        } else {
            request.admit(admission);
        }
    }

    private void runAfter(Duration delay, HeldRequest<?> request, Runnable start) {
        var _ = timers.schedule(
                () -> workers.execute(() -> startNow(request, start)), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void startNow(HeldRequest<?> request, Runnable start) {
        if (request.isGone()) {
            return;
        }
        try {
            start.run();
        } catch (RuntimeException refused) {
            request.fail(refused);
        }
    }
}
