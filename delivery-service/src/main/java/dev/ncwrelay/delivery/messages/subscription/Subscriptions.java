package dev.ncwrelay.delivery.messages.subscription;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.messages.ack.ConsumerName;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import dev.ncwrelay.delivery.messages.stream.DeviceStreams;
import dev.ncwrelay.delivery.messages.wait.WaitRegistry;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.kafka.thread.CriticalThread;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** All subscriptions of this node: their limits, and a check for clients that do not read. */
public final class Subscriptions {

    private static final int BATCH_EVENTS = 100;
    private static final long BATCH_BYTES = 1024 * 1024;
    private static final double JITTER = 0.1;

    private final DeviceStreams streams;
    private final WaitRegistry waits;
    private final SubscriptionSettings settings;
    private final Executor workers;
    private final RandomGenerator random;
    private final MeterRegistry metrics;
    private final ConcurrentMap<String, List<Subscription>> byDevice = new ConcurrentHashMap<>();
    private final Set<Subscription> all = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<String, AtomicInteger> byTransport = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();

    /**
     * Creates it.
     *
     * @param timers runs the check for slow clients once a second
     * @param workers sends messages, which may block
     */
    public Subscriptions(
            DeviceStreams streams,
            WaitRegistry waits,
            SubscriptionSettings settings,
            ScheduledExecutorService timers,
            Executor workers,
            RandomGenerator random,
            MeterRegistry metrics) {
        this.streams = streams;
        this.waits = waits;
        this.settings = settings;
        this.workers = workers;
        this.random = random;
        this.metrics = metrics;
        var _ = timers.scheduleWithFixedDelay(CriticalThread.repeated(this::closeSlow), 1, 1, TimeUnit.SECONDS);
    }

    public SubscriptionSettings settings() {
        return settings;
    }

    /**
     * Opens a subscription, which counts towards the limits until it has been followed to its end, or is released.
     *
     * @param maxLifetime the caller's limit of its lifetime, in addition to the configured one
     * @throws FailureException when the device's or the node's limit is reached
     */
    public Subscription open(
            RegisteredDevice device,
            String consumer,
            StartPosition from,
            SendWindow window,
            Subscriber subscriber,
            Duration maxLifetime) {
        var position = streams.position(device, consumer);
        var limit = new ReadLimit(
                BATCH_EVENTS,
                BATCH_BYTES,
                event -> ConsumerName.receives(consumer, event)
                        && !position.individual().contains(event.offset()));
        var subscription = new Subscription(
                streams,
                waits,
                device,
                waits.claim(consumer),
                streams.reader(device, from, limit),
                window,
                subscriber,
                settings.heartbeat(),
                lifetime(maxLifetime),
                workers);
        if (open.incrementAndGet() > settings.perNode()) {
            open.decrementAndGet();
            throw new Failure.Unavailable("this node's limit of " + settings.perNode() + " connections is reached")
                    .exception();
        }
        if (!reserveSlot(subscription)) {
            open.decrementAndGet();
            throw new Failure.TooManyConnections(settings.perDevice()).exception();
        }
        all.add(subscription);
        subscription.claim().ifPresent(claim -> waits.registerClaim(subscription.deviceId(), claim));
        return subscription;
    }

    /**
     * Follows the stream until it ends, without a thread while it waits. To be called on a thread that may block, once
     * the response has been started.
     */
    public CompletableFuture<SubscriptionEnd> follow(Subscription subscription, String transport) {
        var following = following(transport);
        following.incrementAndGet();
        return subscription.follow().whenComplete((end, _) -> {
            metrics.counter("relay.subscriptions", "transport", transport, "result", end.result())
                    .increment();
            release(subscription);
            // Last: a subscription that no longer counts in the metrics must not count towards the limits either.
            following.decrementAndGet();
        });
    }

    /**
     * True when the device's limit permits it, also because it supersedes an older subscription of the same consumer.
     */
    private boolean reserveSlot(Subscription subscription) {
        return byDevice.compute(subscription.deviceId(), (_, others) -> {
                    var kept = others == null ? List.<Subscription>of() : others;
                    if (kept.size() >= settings.perDevice()) {
                        // The older one ends as soon as it sees the later claim.
                        kept = kept.stream()
                                .filter(other -> !other.isOfSameConsumer(subscription))
                                .toList();
                    }
                    return kept.size() < settings.perDevice()
                            ? Stream.concat(kept.stream(), Stream.of(subscription))
                                    .toList()
                            : kept;
                })
                .contains(subscription);
    }

    /** Releases a subscription that was opened but not followed. */
    public void release(Subscription subscription) {
        byDevice.computeIfPresent(subscription.deviceId(), (_, members) -> {
            var others =
                    members.stream().filter(member -> member != subscription).toList();
            return others.isEmpty() ? null : others;
        });
        subscription.claim().ifPresent(claim -> waits.releaseClaim(subscription.deviceId(), claim));
        all.remove(subscription);
        open.decrementAndGet();
    }

    /**
     * Returns when all subscriptions have ended, or after the time that a client may take to read. To be called when
     * waits end at once.
     */
    public void awaitClosed() throws InterruptedException {
        long deadline = System.nanoTime() + settings.undrained().toNanos();
        while (open.get() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
    }

    private AtomicInteger following(String transport) {
        return byTransport.computeIfAbsent(transport, _ -> {
            var count = new AtomicInteger();
            Gauge.builder("relay.subscriptions.active", count, AtomicInteger::get)
                    .description("open subscriptions")
                    .tag("transport", transport)
                    .register(metrics);
            return count;
        });
    }

    private void closeSlow() {
        long now = System.nanoTime();
        all.forEach(subscription -> subscription.closeIfSlow(now, settings.undrained()));
    }

    private Duration lifetime(Duration maxLifetime) {
        var lifetime = maxLifetime.compareTo(settings.life()) < 0 ? maxLifetime : settings.life();
        return Duration.ofNanos((long) (lifetime.toNanos() * (1 - JITTER * random.nextDouble())));
    }
}
