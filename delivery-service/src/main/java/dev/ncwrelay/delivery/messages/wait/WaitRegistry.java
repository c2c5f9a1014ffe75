package dev.ncwrelay.delivery.messages.wait;

import dev.ncwrelay.delivery.limit.Admission;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All waits held on this node.
 *
 * <ol>
 *   <li>A wait is registered before its first check, so no {@link #wake} that follows a readable message is missed.
 *   <li>It ends once, with one {@link WaitOutcome}, which is counted.
 *   <li>Of two waits of a named consumer the one with the later claim continues, even when the one with the earlier
 *       claim waits again.
 *   <li>Callbacks run without a lock held; a wait occupies no thread.
 *   <li>Draining ends the waits of that moment one after the other; waits that start meanwhile end with {@link #close},
 *       and waits that start afterwards end at once.
 * </ol>
 */
public final class WaitRegistry {

    private static final Logger log = LoggerFactory.getLogger(WaitRegistry.class);

    /** Timeouts are shortened by up to this fraction. */
    private static final double JITTER = 0.1;

    private final WaitSettings settings;
    private final ScheduledExecutorService timers;
    private final Executor workers;
    private final RandomGenerator random;
    private final MeterRegistry metrics;
    private final ConcurrentMap<String, List<PendingWait<?>>> byDevice = new ConcurrentHashMap<>();
    private final ConsumerClaims claimsByName = new ConsumerClaims();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger polls = new AtomicInteger();
    private final AtomicLong claims = new AtomicLong();
    private volatile boolean closing;

    /**
     * Creates it.
     *
     * @param timers starts checks and timeouts; must not be blocked
     * @param workers runs checks and callbacks, which may block
     */
    public WaitRegistry(
            WaitSettings settings,
            ScheduledExecutorService timers,
            Executor workers,
            RandomGenerator random,
            MeterRegistry metrics) {
        this.settings = settings;
        this.timers = timers;
        this.workers = workers;
        this.random = random;
        this.metrics = metrics;
        Gauge.builder("relay.waits.active", waiting, AtomicInteger::get)
                .description("waits that are held now")
                .register(metrics);
    }

    /** Makes a new claim; empty for the unnamed consumer, which may have several waits. */
    public Optional<ConsumerClaim> claim(String consumer) {
        return consumer.isEmpty()
                ? Optional.empty()
                : Optional.of(new ConsumerClaim(consumer, claims.incrementAndGet()));
    }

    /** Registers a connection that receives with this claim, whether it waits or sends, until {@link #releaseClaim}. */
    public void registerClaim(String deviceId, ConsumerClaim claim) {
        claimsByName.register(deviceId, claim);
    }

    public void releaseClaim(String deviceId, ConsumerClaim claim) {
        claimsByName.release(deviceId, claim);
    }

    /** False once a later claim has been registered. */
    public boolean isNewest(String deviceId, ConsumerClaim claim) {
        return claimsByName.isNewest(deviceId, claim);
    }

    /** Registers a wait. Its callback may run before this returns. */
    public <T> Admission start(Wait<T> wait) {
        var waiter = new PendingWait<>(wait);
        waiting.incrementAndGet();
        if (wait.isPoll() && polls.incrementAndGet() > settings.perNode()) {
            decrementCounts(waiter);
            return new Admission.NodeFull(settings.perNode());
        }
        if (!isWithinLimit(waiter, byDevice.getOrDefault(waiter.deviceId(), List.of()))) {
            // Before the claim is registered: a wait that is rejected supersedes no other.
            decrementCounts(waiter);
            return new Admission.DeviceFull(settings.perDevice());
        }
        wait.claim().ifPresent(claim -> claimsByName.register(wait.deviceId(), claim));
        supersedeOlder(waiter);
        if (!isNewest(waiter)) {
            outcome(waiter, new WaitOutcome.Superseded<>());
            return new Admission.Admitted(() -> {});
        }
        if (!register(waiter)) {
            var _ = waiter.tryEnd();
            unregister(waiter);
            decrementCounts(waiter);
            return new Admission.DeviceFull(settings.perDevice());
        }
        // Of two waits that start at once, either one finds the other in the list, or the other sees the later claim.
        supersedeOlder(waiter);
        if (!isNewest(waiter)) {
            outcome(waiter, new WaitOutcome.Superseded<>());
        } else if (closing) {
            outcome(waiter, new WaitOutcome.ShuttingDown<>());
        } else {
            checkFirst(waiter);
        }
        if (!waiter.hasEnded()) {
            // After the first check: a wait with timeout zero is a check only.
            waiter.timer(runAfter(
                    wait.isExact() ? wait.timeout() : jittered(wait.timeout()),
                    () -> outcome(waiter, new WaitOutcome.TimedOut<>())));
        }
        return new Admission.Admitted(() -> outcome(waiter, new WaitOutcome.ClientGone<>()));
    }

    /** Wakes the waits of these devices; their new messages are already readable. Never blocks. */
    public void wake(Set<String> deviceIds) {
        for (var deviceId : deviceIds) {
            for (var waiter : byDevice.getOrDefault(deviceId, List.of())) {
                if (waiter.trySchedule()) {
                    if (waiter.mayBeInBurst(settings.coalesce())) {
                        var _ = runAfter(settings.coalesce(), () -> check(waiter));
                    } else {
                        workers.execute(() -> check(waiter));
                    }
                }
            }
        }
    }

    /**
     * Ends the waits that are held now, spread over the drain time, and returns when that has passed or none is left.
     * Waits that start meanwhile are held until {@link #close}: otherwise a client that polls again at once would be
     * answered at once, again and again.
     */
    public void drain() throws InterruptedException {
        long spread = settings.drain().toNanos();
        all().forEach(waiter -> {
            long after = spread == 0 ? 0 : random.nextLong(spread);
            var _ = runAfter(Duration.ofNanos(after), () -> endShuttingDown(waiter));
        });
        awaitCompletion(spread);
    }

    /** Ends all current and future waits at once; returns when their callbacks have run. */
    public void close() throws InterruptedException {
        closing = true;
        all().forEach(waiter -> workers.execute(() -> endShuttingDown(waiter)));
        awaitCompletion(TimeUnit.SECONDS.toNanos(1));
    }

    private void awaitCompletion(long maxNanos) throws InterruptedException {
        long deadline = System.nanoTime() + maxNanos;
        while (waiting.get() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
    }

    private List<PendingWait<?>> all() {
        return byDevice.values().stream().<PendingWait<?>>flatMap(List::stream).toList();
    }

    private boolean register(PendingWait<?> waiter) {
        var members = byDevice.compute(waiter.deviceId(), (_, others) -> {
            if (others == null) {
                return List.of(waiter);
            }
            return isWithinLimit(waiter, others)
                    ? Stream.concat(others.stream(), Stream.of(waiter)).toList()
                    : others;
        });
        return members.contains(waiter);
    }

    /** Whether the device's limit permits one more wait; an older poll that this one supersedes does not count. */
    private boolean isWithinLimit(PendingWait<?> waiter, List<PendingWait<?>> others) {
        return !waiter.isPoll()
                || others.stream()
                                .filter(PendingWait::isPoll)
                                .filter(other -> waiter.claim()
                                        .filter(other::isOlderThan)
                                        .isEmpty())
                                .count()
                        < settings.perDevice();
    }

    private boolean isNewest(PendingWait<?> waiter) {
        return waiter.claim()
                .map(claim -> claimsByName.isNewest(waiter.deviceId(), claim))
                .orElse(true);
    }

    private void supersedeOlder(PendingWait<?> waiter) {
        if (waiter.claim().isEmpty()) {
            return;
        }
        var claim = waiter.claim().get();
        for (var other : byDevice.getOrDefault(waiter.deviceId(), List.of())) {
            if (other.isOlderThan(claim)) {
                // Removed from the list at once, since its callback may take a while.
                remove(other);
                workers.execute(() -> endSuperseded(other));
            }
        }
    }

    private <T> void checkFirst(PendingWait<T> waiter) {
        try {
            waiter.check().ifPresent(found -> outcome(waiter, new WaitOutcome.Found<>(found)));
        } catch (RuntimeException e) {
            outcome(waiter, new WaitOutcome.ClientGone<>());
            throw e;
        }
    }

    private <T> void check(PendingWait<T> waiter) {
        try {
            waiter.check().ifPresent(found -> outcome(waiter, new WaitOutcome.Found<>(found)));
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("deviceId", waiter.deviceId())
                    .setCause(e)
                    .log("wait check failed, wait continues");
        }
    }

    private <T> void endShuttingDown(PendingWait<T> waiter) {
        outcome(waiter, new WaitOutcome.ShuttingDown<>());
    }

    private <T> void endSuperseded(PendingWait<T> waiter) {
        outcome(waiter, new WaitOutcome.Superseded<>());
    }

    private <T> void outcome(PendingWait<T> waiter, WaitOutcome<T> outcome) {
        if (!waiter.tryEnd()) {
            return;
        }
        unregister(waiter);
        metrics.counter("relay.waits", "result", outcome.result()).increment();
        try {
            waiter.complete(outcome);
        } finally {
            // Last, so that close() waits for every callback.
            decrementCounts(waiter);
        }
    }

    private void unregister(PendingWait<?> waiter) {
        remove(waiter);
        waiter.claim().ifPresent(claim -> claimsByName.release(waiter.deviceId(), claim));
    }

    private void remove(PendingWait<?> waiter) {
        byDevice.computeIfPresent(waiter.deviceId(), (_, members) -> {
            var others = members.stream().filter(member -> member != waiter).toList();
            return others.isEmpty() ? null : others;
        });
    }

    private void decrementCounts(PendingWait<?> waiter) {
        waiting.decrementAndGet();
        if (waiter.isPoll()) {
            polls.decrementAndGet();
        }
    }

    private Future<?> runAfter(Duration delay, Runnable work) {
        return timers.schedule(() -> workers.execute(work), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Duration jittered(Duration timeout) {
        return Duration.ofNanos((long) (timeout.toNanos() * (1 - JITTER * random.nextDouble())));
    }
}
