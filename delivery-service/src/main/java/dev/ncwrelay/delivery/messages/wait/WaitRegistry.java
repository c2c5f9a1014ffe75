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
 * Everybody who waits on this node.
 *
 * <ol>
 *   <li>A wait is registered before it first looks, so what is told to {@link #wake} after it can be read is never
 *       missed.
 *   <li>It ends once, in one of the ways of {@link WaitOutcome}; each end is counted.
 *   <li>Of two waits in the place of one consumer the later claim goes on, even when the earlier one comes back to it.
 *   <li>No end is told while a lock is held, and no thread is kept by a wait.
 *   <li>Draining ends the waits of that moment, one after the other; those that begin meanwhile end when it closes, and
 *       after that at once.
 * </ol>
 */
public final class WaitRegistry {

    private static final Logger log = LoggerFactory.getLogger(WaitRegistry.class);

    /** Timeouts are up to this part shorter than asked. */
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
     * @param timers runs what is due; must not be blocked
     * @param workers runs looks and ends, which may block
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
        Gauge.builder("relay.waits.held", waiting, AtomicInteger::get)
                .description("waits held now")
                .register(metrics);
    }

    /** A claim made now; empty for a consumer without a name, who may wait many times over. */
    public Optional<ConsumerClaim> claim(String consumer) {
        return consumer.isEmpty()
                ? Optional.empty()
                : Optional.of(new ConsumerClaim(consumer, claims.incrementAndGet()));
    }

    /** Takes note of a connection that receives by this claim, whether it waits or is busy, until {@link #releaseClaim}. */
    public void registerClaim(String deviceId, ConsumerClaim place) {
        claimsByName.register(deviceId, place);
    }

    public void releaseClaim(String deviceId, ConsumerClaim place) {
        claimsByName.release(deviceId, place);
    }

    /** False once a later claim has been made. */
    public boolean isNewest(String deviceId, ConsumerClaim place) {
        return claimsByName.isNewest(deviceId, place);
    }

    /** Begins a wait. The end may be told before this returns. */
    public <T> Admission start(Wait<T> wait) {
        var waiter = new PendingWait<>(wait);
        waiting.incrementAndGet();
        if (wait.isPoll() && polls.incrementAndGet() > settings.perNode()) {
            decrementCounts(waiter);
            return new Admission.NodeFull(settings.perNode());
        }
        if (!isWithinLimit(waiter, byDevice.getOrDefault(waiter.deviceId(), List.of()))) {
            // Before it claims its name: a wait that is refused ends no other.
            decrementCounts(waiter);
            return new Admission.DeviceFull(settings.perDevice());
        }
        wait.claim().ifPresent(place -> claimsByName.register(wait.deviceId(), place));
        supersedeOlder(waiter);
        if (!isNewest(waiter)) {
            end(waiter, new WaitOutcome.Superseded<>());
            return new Admission.Admitted(() -> {});
        }
        if (!register(waiter)) {
            var _ = waiter.tryEnd();
            unregister(waiter);
            decrementCounts(waiter);
            return new Admission.DeviceFull(settings.perDevice());
        }
        // Of two that start at once, one sees the other on the list, or that one sees the later claim.
        supersedeOlder(waiter);
        if (!isNewest(waiter)) {
            end(waiter, new WaitOutcome.Superseded<>());
        } else if (closing) {
            end(waiter, new WaitOutcome.ShuttingDown<>());
        } else {
            checkFirst(waiter);
        }
        if (!waiter.hasEnded()) {
            // Only now: a wait of no length is a look, and nothing else.
            waiter.timer(runAfter(
                    wait.isExact() ? wait.timeout() : jittered(wait.timeout()),
                    () -> end(waiter, new WaitOutcome.TimedOut<>())));
        }
        return new Admission.Admitted(() -> end(waiter, new WaitOutcome.ClientGone<>()));
    }

    /** These devices have something new, which can be read. Never blocks. */
    public void wake(Set<String> deviceIds) {
        for (var deviceId : deviceIds) {
            for (var waiter : byDevice.getOrDefault(deviceId, List.of())) {
                if (waiter.trySchedule()) {
                    var _ = runAfter(settings.coalesce(), () -> check(waiter));
                }
            }
        }
    }

    /**
     * Ends the waits that are held now, spread over the drain time, and returns when that has passed or none is left.
     * Those that begin meanwhile are held until {@link #close}: a client that asks again at once would else be answered
     * at once, again and again.
     */
    public void drain() throws InterruptedException {
        long spread = settings.drain().toNanos();
        all().forEach(waiter -> {
            long after = spread == 0 ? 0 : random.nextLong(spread);
            var _ = runAfter(Duration.ofNanos(after), () -> endShuttingDown(waiter));
        });
        awaitCompletion(spread);
    }

    /** Ends all waits at once, those to come as well; returns when their ends have been told. */
    public void close() throws InterruptedException {
        closing = true;
        all().forEach(waiter -> workers.execute(() -> endShuttingDown(waiter)));
        awaitCompletion(TimeUnit.SECONDS.toNanos(1));
    }

    private void awaitCompletion(long most) throws InterruptedException {
        long deadline = System.nanoTime() + most;
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
            return isWithinLimit(waiter, others) ? with(others, waiter) : others;
        });
        return members.contains(waiter);
    }

    /** Whether there is room beside these, of which a poll of the same name gives way. */
    private boolean isWithinLimit(PendingWait<?> waiter, List<PendingWait<?>> others) {
        return !waiter.isPoll()
                || others.stream()
                                .filter(PendingWait::isPoll)
                                .filter(other -> waiter.place()
                                        .filter(other::isOlderThan)
                                        .isEmpty())
                                .count()
                        < settings.perDevice();
    }

    private boolean isNewest(PendingWait<?> waiter) {
        return waiter.place()
                .map(place -> claimsByName.isNewest(waiter.deviceId(), place))
                .orElse(true);
    }

    private void supersedeOlder(PendingWait<?> waiter) {
        if (waiter.place().isEmpty()) {
            return;
        }
        var place = waiter.place().get();
        for (var other : byDevice.getOrDefault(waiter.deviceId(), List.of())) {
            if (other.isOlderThan(place)) {
                // Its place on the list is free at once; how it ends may take a while.
                remove(other);
                workers.execute(() -> endSuperseded(other));
            }
        }
    }

    private <T> void checkFirst(PendingWait<T> waiter) {
        try {
            waiter.check().ifPresent(found -> end(waiter, new WaitOutcome.Found<>(found)));
        } catch (RuntimeException e) {
            end(waiter, new WaitOutcome.ClientGone<>());
            throw e;
        }
    }

    private <T> void check(PendingWait<T> waiter) {
        try {
            waiter.check().ifPresent(found -> end(waiter, new WaitOutcome.Found<>(found)));
        } catch (RuntimeException e) {
            log.atError().addKeyValue("deviceId", waiter.deviceId()).setCause(e).log("look failed, wait goes on");
        }
    }

    private <T> void endShuttingDown(PendingWait<T> waiter) {
        end(waiter, new WaitOutcome.ShuttingDown<>());
    }

    private <T> void endSuperseded(PendingWait<T> waiter) {
        end(waiter, new WaitOutcome.Superseded<>());
    }

    private <T> void end(PendingWait<T> waiter, WaitOutcome<T> end) {
        if (!waiter.tryEnd()) {
            return;
        }
        unregister(waiter);
        metrics.counter("relay.waits", "result", end.result()).increment();
        try {
            waiter.complete(end);
        } finally {
            // Last, so that closing waits until every end has been told.
            decrementCounts(waiter);
        }
    }

    private void unregister(PendingWait<?> waiter) {
        remove(waiter);
        waiter.place().ifPresent(place -> claimsByName.release(waiter.deviceId(), place));
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

    private static List<PendingWait<?>> with(List<PendingWait<?>> others, PendingWait<?> added) {
        return Stream.concat(others.stream(), Stream.of(added)).toList();
    }
}
