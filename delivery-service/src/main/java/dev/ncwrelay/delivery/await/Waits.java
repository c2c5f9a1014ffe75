package dev.ncwrelay.delivery.await;

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
 *   <li>It ends once, in one of the ways of {@link End}; each end is counted.
 *   <li>Of two waits in the place of one consumer the later claim goes on, even when the earlier one comes back to it.
 *   <li>No end is told while a lock is held, and no thread is kept by a wait.
 *   <li>Once closing, all waits end within the drain time, and new ones end at once.
 * </ol>
 */
public final class Waits {

    private static final Logger log = LoggerFactory.getLogger(Waits.class);

    /** Timeouts are up to this part shorter than asked. */
    private static final double JITTER = 0.1;

    private final WaitSettings settings;
    private final ScheduledExecutorService timers;
    private final Executor workers;
    private final RandomGenerator random;
    private final MeterRegistry metrics;
    private final ConcurrentMap<String, List<Waiter<?>>> byDevice = new ConcurrentHashMap<>();
    private final ConcurrentMap<Named, Waiter<?>> newest = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong claims = new AtomicLong();
    private volatile boolean closing;

    private record Named(String deviceId, String consumer) {}

    /**
     * Creates it.
     *
     * @param timers runs what is due; must not be blocked
     * @param workers runs looks and ends, which may block
     */
    public Waits(
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
    public Optional<Place> place(String consumer) {
        return consumer.isEmpty() ? Optional.empty() : Optional.of(new Place(consumer, claims.incrementAndGet()));
    }

    /** Begins a wait. The end may be told before this returns. */
    public <T> Admission start(Wait<T> wait) {
        var waiter = new Waiter<>(wait);
        if (waiting.incrementAndGet() > settings.perNode()) {
            waiting.decrementAndGet();
            return new Admission.NodeFull(settings.perNode());
        }
        if (!takePlace(waiter)) {
            end(waiter, new End.Superseded<>());
            return new Admission.Admitted(() -> {});
        }
        if (!register(waiter)) {
            if (waiter.claimEnd()) {
                forget(waiter);
                waiting.decrementAndGet();
            }
            return new Admission.DeviceFull(settings.perDevice());
        }
        if (waiter.hasEnded()) {
            // A newer one took its place before it was registered, so its end could not take it off the list.
            forget(waiter);
        }
        if (closing) {
            end(waiter, new End.Closing<>());
        } else {
            lookFirst(waiter);
        }
        if (!waiter.hasEnded()) {
            // Only now: a wait of no length is a look, and nothing else.
            waiter.timer(later(jittered(wait.timeout()), () -> end(waiter, new End.TimedOut<>())));
        }
        return new Admission.Admitted(() -> end(waiter, new End.Gone<>()));
    }

    /** These devices have something new, which can be read. Never blocks. */
    public void wake(Set<String> deviceIds) {
        for (var deviceId : deviceIds) {
            for (var waiter : byDevice.getOrDefault(deviceId, List.of())) {
                if (waiter.claimLook()) {
                    var _ = later(settings.coalesce(), () -> look(waiter));
                }
            }
        }
    }

    /** Ends all waits, spread over the drain time, and returns when that has passed or none is left. */
    public void close() throws InterruptedException {
        closing = true;
        long spread = settings.drain().toNanos();
        byDevice.values().stream().flatMap(List::stream).forEach(waiter -> {
            long after = spread == 0 ? 0 : random.nextLong(spread);
            var _ = later(Duration.ofNanos(after), () -> closeOne(waiter));
        });
        long deadline = System.nanoTime() + spread + TimeUnit.SECONDS.toNanos(1);
        while (waiting.get() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
    }

    private boolean register(Waiter<?> waiter) {
        var members = byDevice.compute(waiter.deviceId(), (_, others) -> {
            if (others == null) {
                return List.of(waiter);
            }
            return others.size() < settings.perDevice() ? with(others, waiter) : others;
        });
        return members.contains(waiter);
    }

    /** False when somebody with a later claim has the place. */
    private boolean takePlace(Waiter<?> waiter) {
        if (waiter.place().isEmpty()) {
            return true;
        }
        var place = waiter.place().get();
        var named = new Named(waiter.deviceId(), place.consumer());
        while (true) {
            var holder = newest.putIfAbsent(named, waiter);
            if (holder == null) {
                return true;
            }
            if (holder.place().filter(held -> held.since() > place.since()).isPresent()) {
                return false;
            }
            if (newest.replace(named, holder, waiter)) {
                workers.execute(() -> supersedeOne(holder));
                forget(holder);
                return true;
            }
        }
    }

    private <T> void lookFirst(Waiter<T> waiter) {
        try {
            waiter.look().ifPresent(found -> end(waiter, new End.Woken<>(found)));
        } catch (RuntimeException e) {
            end(waiter, new End.Gone<>());
            throw e;
        }
    }

    private <T> void look(Waiter<T> waiter) {
        try {
            waiter.look().ifPresent(found -> end(waiter, new End.Woken<>(found)));
        } catch (RuntimeException e) {
            log.atError().addKeyValue("deviceId", waiter.deviceId()).setCause(e).log("look failed, wait goes on");
        }
    }

    private <T> void closeOne(Waiter<T> waiter) {
        end(waiter, new End.Closing<>());
    }

    private <T> void supersedeOne(Waiter<T> waiter) {
        end(waiter, new End.Superseded<>());
    }

    private <T> void end(Waiter<T> waiter, End<T> end) {
        if (!waiter.claimEnd()) {
            return;
        }
        forget(waiter);
        metrics.counter("relay.waits", "result", end.result()).increment();
        try {
            waiter.tell(end);
        } finally {
            // Last, so that closing waits until every end has been told.
            waiting.decrementAndGet();
        }
    }

    private void forget(Waiter<?> waiter) {
        byDevice.computeIfPresent(waiter.deviceId(), (_, members) -> {
            var others = members.stream().filter(member -> member != waiter).toList();
            return others.isEmpty() ? null : others;
        });
        waiter.place().ifPresent(place -> newest.remove(new Named(waiter.deviceId(), place.consumer()), waiter));
    }

    private Future<?> later(Duration delay, Runnable work) {
        return timers.schedule(() -> workers.execute(work), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Duration jittered(Duration timeout) {
        return Duration.ofNanos((long) (timeout.toNanos() * (1 - JITTER * random.nextDouble())));
    }

    private static List<Waiter<?>> with(List<Waiter<?>> others, Waiter<?> added) {
        return Stream.concat(others.stream(), Stream.of(added)).toList();
    }
}
