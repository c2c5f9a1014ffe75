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
 * Throttles clients by delaying responses, because the demo's clients ignore the status and repeat at once after a 429.
 * Only clients far beyond the rate limit get 429.
 */
final class ThrottledRequests {

    private static final Duration MAX_DELAY = Duration.ofSeconds(2);

    private final DeviceRateLimiter rateLimiter;
    private final ScheduledExecutorService timers;
    private final Executor workers;

    ThrottledRequests(DeviceRateLimiter rateLimiter, ScheduledExecutorService timers, Executor workers) {
        this.rateLimiter = rateLimiter;
        this.timers = timers;
        this.workers = workers;
    }

    /**
     * Starts the wait as soon as the rate limit of the device allows; retries once after a delay when the device has
     * reached its limit of waits.
     *
     * @throws org.springframework.web.ErrorResponseException 429 when the device is far beyond its rate limit, and the
     *     problem of a wait that is not admitted at once
     */
    void start(String deviceId, HeldRequest<?> request, Supplier<Admission> wait) {
        var delay = rateLimiter.reserve(deviceId, MAX_DELAY).orElseThrow(Problem::tooFast);
        if (delay.isZero()) {
            startOrLater(request, wait);
        } else {
            runAfter(delay, request, () -> startOrLater(request, wait));
        }
    }

    /**
     * Runs work for the device as soon as its rate limit for that allows.
     *
     * @throws org.springframework.web.ErrorResponseException 429 when the device is far beyond that limit
     */
    <T> CompletableFuture<T> then(String deviceId, Supplier<CompletableFuture<T>> work) {
        // Separate rate limit: deletions must not reduce the poll rate.
        var delay = rateLimiter.reserve(deviceId + "/deletions", MAX_DELAY).orElseThrow(Problem::tooFast);
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
