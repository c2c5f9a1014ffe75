package dev.ncwrelay.delivery.messages.subscription;

import dev.ncwrelay.delivery.limit.Admission;
import dev.ncwrelay.delivery.messages.feed.Page;
import dev.ncwrelay.delivery.messages.stream.DeviceStreams;
import dev.ncwrelay.delivery.messages.stream.PositionLossReason;
import dev.ncwrelay.delivery.messages.stream.StreamRead;
import dev.ncwrelay.delivery.messages.stream.StreamReader;
import dev.ncwrelay.delivery.messages.wait.ConsumerClaim;
import dev.ncwrelay.delivery.messages.wait.Wait;
import dev.ncwrelay.delivery.messages.wait.WaitOutcome;
import dev.ncwrelay.delivery.messages.wait.WaitRegistry;
import dev.ncwrelay.devices.RegisteredDevice;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription to a device's stream. One thread at a time works on it, and none while it waits.
 *
 * <ol>
 *   <li>It waits in the {@link WaitRegistry} for a message that the window permits, at most for one heartbeat interval.
 *   <li>Each message is sent once, in stream order, within the window, and none after a later connection of the same
 *       consumer has started.
 *   <li>It ends once, with one {@link SubscriptionEnd}.
 * </ol>
 */
public final class Subscription {

    private static final Logger log = LoggerFactory.getLogger(Subscription.class);

    private final DeviceStreams streams;
    private final WaitRegistry waits;
    private final RegisteredDevice device;
    private final Optional<ConsumerClaim> claim;
    private final StreamReader reader;
    private final SendWindow window;
    private final Subscriber subscriber;
    private final Duration heartbeat;
    private final long deadline;
    private final Executor workers;
    private final CompletableFuture<SubscriptionEnd> ended = new CompletableFuture<>();
    private final AtomicReference<@Nullable SubscriptionEnd> stopped = new AtomicReference<>();
    private final SendMonitor monitor = new SendMonitor();
    private final UnavailableRetry retry = new UnavailableRetry();
    private volatile @Nullable Runnable cancelWait;
    private volatile boolean caughtUp;

    /** Why a wait may end. */
    private sealed interface Step {

        record Found(StreamRead read) implements Step {}

        record CaughtUp(long position) implements Step {}
    }

    Subscription(
            DeviceStreams streams,
            WaitRegistry waits,
            RegisteredDevice device,
            Optional<ConsumerClaim> claim,
            StreamReader reader,
            SendWindow window,
            Subscriber subscriber,
            Duration heartbeat,
            Duration lifetime,
            Executor workers) {
        this.streams = streams;
        this.waits = waits;
        this.device = device;
        this.claim = claim;
        this.reader = reader;
        this.window = window;
        this.subscriber = subscriber;
        this.heartbeat = heartbeat;
        this.workers = workers;
        this.deadline = System.nanoTime() + lifetime.toNanos();
    }

    String deviceId() {
        return device.deviceId();
    }

    boolean isOfSameConsumer(Subscription other) {
        return claim.map(ConsumerClaim::consumer).equals(other.claim().map(ConsumerClaim::consumer))
                && claim.isPresent();
    }

    /** Its claim, if the consumer has a name. */
    Optional<ConsumerClaim> claim() {
        return claim;
    }

    /**
     * Sends the stream until the subscription ends, without a thread while it waits. To be called on a thread that may
     * block.
     */
    CompletableFuture<SubscriptionEnd> follow() {
        run(() -> {
            monitor.send(subscriber::opened);
            return null;
        });
        return ended;
    }

    /** Ends the subscription from outside, also while it waits. */
    public void stop(SubscriptionEnd end) {
        if (stopped.compareAndSet(null, end)) {
            var cancel = cancelWait;
            if (cancel != null) {
                cancel.run();
            }
        }
    }

    /** To be called when the window permits more messages: wakes the subscription. */
    public void windowOpened() {
        waits.wake(Set.of(device.deviceId()));
    }

    /**
     * Ends the subscription when a send to the client has blocked for longer than {@code maxDuration}.
     *
     * @param now as of {@link System#nanoTime}
     */
    void closeIfSlow(long now, Duration maxDuration) {
        monitor.interruptIfSlow(now, maxDuration, () -> stopped.compareAndSet(null, SubscriptionEnd.CLIENT_SLOW));
    }

    /** Runs until it has to wait or ends; continues after the wait on another thread. */
    private void run(Work first) {
        monitor.enter();
        try {
            var end = first.run();
            while (end == null) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    end = SubscriptionEnd.RECONNECT;
                    break;
                }
                var outcome = await(Math.min(left, heartbeat.toNanos()));
                if (!outcome.isDone()) {
                    monitor.leave();
                    var _ = outcome.thenAcceptAsync(value -> run(() -> on(value)), workers);
                    return;
                }
                end = on(outcome.join());
            }
            finish(end);
        } catch (IOException | InterruptedException e) {
            finish(endOr(SubscriptionEnd.CLIENT_GONE));
        } catch (RuntimeException e) {
            log.atError().addKeyValue("deviceId", device.deviceId()).setCause(e).log("subscription failed");
            finish(SubscriptionEnd.FAILED);
        }
    }

    private void finish(SubscriptionEnd end) {
        // An interrupt was meant for a send that is over.
        var _ = Thread.interrupted();
        var last = end;
        try {
            monitor.send(() -> subscriber.ended(end));
        } catch (IOException e) {
            last = endOr(end);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("deviceId", device.deviceId()).setCause(e).log("closing the subscription failed");
            last = SubscriptionEnd.FAILED;
        }
        monitor.leave();
        ended.complete(last);
    }

    private CompletableFuture<WaitOutcome<Step>> await(long nanos) {
        var outcome = new CompletableFuture<WaitOutcome<Step>>();
        var admission = waits.start(
                new Wait<>(device.deviceId(), claim, false, Duration.ofNanos(nanos), this::poll, outcome::complete));
        if (admission instanceof Admission.Admitted(var cancel)) {
            cancelWait = cancel;
            if (stopped.get() != null) {
                cancel.run();
            }
        }
        return outcome;
    }

    private @Nullable SubscriptionEnd on(WaitOutcome<Step> outcome) throws IOException, InterruptedException {
        return switch (outcome) {
            case WaitOutcome.Found<Step>(var step) -> deliver(step);
            case WaitOutcome.TimedOut<Step>() -> {
                retry.reset();
                monitor.send(subscriber::heartbeat);
                yield null;
            }
            case WaitOutcome.ShuttingDown<Step>() -> SubscriptionEnd.SHUTTING_DOWN;
            case WaitOutcome.Superseded<Step>() -> SubscriptionEnd.SUPERSEDED;
            case WaitOutcome.ClientGone<Step>() -> endOr(SubscriptionEnd.CLIENT_GONE);
        };
    }

    private Optional<Step> poll() {
        if (window.available() <= 0) {
            return streams.isCurrent(device)
                    ? Optional.empty()
                    : Optional.of(new Step.Found(new StreamRead.OwnershipEnded()));
        }
        var found = reader.poll();
        if (found.isEmpty() && !caughtUp) {
            return Optional.of(new Step.CaughtUp(reader.position()));
        }
        return found.map(Step.Found::new);
    }

    private @Nullable SubscriptionEnd deliver(Step step) throws IOException, InterruptedException {
        return switch (step) {
            case Step.CaughtUp(long position) -> {
                retry.reset();
                caughtUp = true;
                monitor.send(() -> subscriber.caughtUp(reader.cursor(position)));
                yield null;
            }
            case Step.Found(StreamRead.Found(var page)) -> {
                retry.reset();
                yield send(page);
            }
            case Step.Found(StreamRead.Lost(var reason, long earliest)) -> {
                monitor.send(() -> subscriber.reset(reason, streams.cursor(device, earliest)));
                yield SubscriptionEnd.RESET;
            }
            case Step.Found(StreamRead.Unavailable _) -> retry.pause() ? null : SubscriptionEnd.RECONNECT;
            case Step.Found(StreamRead.OwnershipEnded _) -> {
                var current = streams.currentDevice(device.deviceId())
                        .filter(registered -> registered.userId().equals(device.userId()));
                if (current.isEmpty()) {
                    yield SubscriptionEnd.FORBIDDEN;
                }
                var registered = current.get();
                monitor.send(() -> subscriber.reset(
                        PositionLossReason.FOREIGN, streams.cursor(registered, registered.eventsFrom() - 1)));
                yield SubscriptionEnd.RESET;
            }
        };
    }

    private @Nullable SubscriptionEnd send(Page page) throws IOException {
        for (var event : page.events()) {
            if (window.available() <= 0) {
                return null;
            }
            if (stopped.get() != null) {
                return endOr(SubscriptionEnd.CLIENT_GONE);
            }
            if (isSuperseded()) {
                return SubscriptionEnd.SUPERSEDED;
            }
            monitor.send(() -> subscriber.message(event, reader.cursor(event.offset())));
            window.sent(event.offset());
            reader.moveTo(event.offset());
        }
        reader.moveTo(page.upTo());
        return null;
    }

    private boolean isSuperseded() {
        return claim.filter(own -> !waits.isNewest(device.deviceId(), own)).isPresent();
    }

    private SubscriptionEnd endOr(SubscriptionEnd otherwise) {
        var end = stopped.get();
        return end == null ? otherwise : end;
    }

    private interface Work {
        @Nullable
        SubscriptionEnd run() throws IOException, InterruptedException;
    }
}
