package dev.ncwrelay.delivery.messages.subscription;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.messages.ack.ConsumerName;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.mailbox.Backlog.From;
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

/** All connections of this node that follow a stream: how many there may be, and an eye on those that do not read. */
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
     * @param timers looks after the slow ones once a second
     * @param workers sends, which may block
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
     * Prepares a connection, which counts until it has been followed to its end.
     *
     * @param maxLifetime how long it may last at the most, for a reason of the caller's
     * @throws FailureException when the device or the node has too many
     */
    public Subscription open(
            RegisteredDevice device,
            String consumer,
            From from,
            SendWindow window,
            Subscriber sink,
            Duration maxLifetime) {
        var position = streams.position(device, consumer);
        var limit = new ReadLimit(
                BATCH_EVENTS,
                BATCH_BYTES,
                event -> ConsumerName.receives(consumer, event)
                        && !position.individual().contains(event.offset()));
        var stream = new Subscription(
                streams,
                waits,
                device,
                waits.claim(consumer),
                streams.reader(device, from, limit),
                window,
                sink,
                settings.heartbeat(),
                lifetime(maxLifetime),
                workers);
        if (open.incrementAndGet() > settings.perNode()) {
            open.decrementAndGet();
            throw new Failure.Unavailable("this node has its " + settings.perNode() + " connections").exception();
        }
        if (!reserveSlot(stream)) {
            open.decrementAndGet();
            throw new Failure.TooManyConnections(settings.perDevice()).exception();
        }
        all.add(stream);
        stream.claim().ifPresent(place -> waits.registerClaim(stream.deviceId(), place));
        return stream;
    }

    /**
     * Follows the stream until it ends, without a thread while it waits. To be called on a thread that may block, once
     * the client is sent something.
     */
    public CompletableFuture<SubscriptionEnd> follow(Subscription stream, String transport) {
        var following = following(transport);
        following.incrementAndGet();
        return stream.follow().whenComplete((end, _) -> {
            metrics.counter("relay.live.ends", "transport", transport, "result", end.result())
                    .increment();
            release(stream);
            // Last: what is not counted any more takes no room either.
            following.decrementAndGet();
        });
    }

    /** True when the device has room for it, or for it in the place of an older connection of the same consumer. */
    private boolean reserveSlot(Subscription stream) {
        return byDevice.compute(stream.deviceId(), (_, others) -> {
                    var kept = others == null ? List.<Subscription>of() : others;
                    if (kept.size() >= settings.perDevice()) {
                        // It ends as soon as it learns of the later claim.
                        kept = kept.stream()
                                .filter(other -> !other.isOfSameConsumer(stream))
                                .toList();
                    }
                    return kept.size() < settings.perDevice()
                            ? Stream.concat(kept.stream(), Stream.of(stream)).toList()
                            : kept;
                })
                .contains(stream);
    }

    /** Frees what a connection has taken that was opened and not followed. */
    public void release(Subscription stream) {
        byDevice.computeIfPresent(stream.deviceId(), (_, members) -> {
            var others = members.stream().filter(member -> member != stream).toList();
            return others.isEmpty() ? null : others;
        });
        stream.claim().ifPresent(place -> waits.releaseClaim(stream.deviceId(), place));
        all.remove(stream);
        open.decrementAndGet();
    }

    /** Once waits end at once, returns when all connections have, or after as long as a client may take to read. */
    public void awaitClosed() throws InterruptedException {
        long deadline = System.nanoTime() + settings.undrained().toNanos();
        while (open.get() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
    }

    private AtomicInteger following(String transport) {
        return byTransport.computeIfAbsent(transport, _ -> {
            var now = new AtomicInteger();
            Gauge.builder("relay.live.connections", now, AtomicInteger::get)
                    .description("connections that follow a stream now")
                    .tag("transport", transport)
                    .register(metrics);
            return now;
        });
    }

    private void closeSlow() {
        long now = System.nanoTime();
        all.forEach(stream -> stream.closeIfSlow(now, settings.undrained()));
    }

    private Duration lifetime(Duration maxLifetime) {
        var life = maxLifetime.compareTo(settings.life()) < 0 ? maxLifetime : settings.life();
        return Duration.ofNanos((long) (life.toNanos() * (1 - JITTER * random.nextDouble())));
    }
}
