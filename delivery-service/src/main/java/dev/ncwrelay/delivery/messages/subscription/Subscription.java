package dev.ncwrelay.delivery.messages.subscription;

import dev.ncwrelay.delivery.limit.Admission;
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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's way along its device's stream, by one thread at a time and by none while it waits.
 *
 * <ol>
 *   <li>It waits by the one rule of {@link WaitRegistry}, for a message that has room, at most a heartbeat long.
 *   <li>Each message is sent once, in the order of the stream; no more than the window has room for, and none after a
 *       later connection of the same consumer has begun.
 *   <li>It ends once, in one of the ways of {@link SubscriptionEnd}.
 * </ol>
 */
public final class Subscription {

    private static final Logger log = LoggerFactory.getLogger(Subscription.class);

    /** How long what it needs may be away before the client is sent to another node. */
    private static final Duration UNAVAILABLE_TIMEOUT = Duration.ofSeconds(30);

    private static final int MIN_PAUSE_MILLIS = 200;
    private static final int MAX_PAUSE_MILLIS = 800;

    private final DeviceStreams streams;
    private final WaitRegistry waits;
    private final RegisteredDevice device;
    private final Optional<ConsumerClaim> claim;
    private final StreamReader reader;
    private final SendWindow window;
    private final Subscriber sink;
    private final Duration heartbeat;
    private final long deadline;
    private final Executor workers;
    private final CompletableFuture<SubscriptionEnd> ended = new CompletableFuture<>();
    private final AtomicReference<@Nullable SubscriptionEnd> stopped = new AtomicReference<>();
    private volatile @Nullable Runnable onGone;
    private volatile long sendingSince;
    private volatile @Nullable Thread thread;
    private volatile boolean caughtUp;
    private volatile long unavailableSince;

    /** What it may wake for. */
    private sealed interface Step {

        record Found(StreamRead read) implements Step {}

        record CaughtUp(long position) implements Step {}
    }

    Subscription(
            DeviceStreams streams,
            WaitRegistry waits,
            RegisteredDevice device,
            Optional<ConsumerClaim> place,
            StreamReader reader,
            SendWindow window,
            Subscriber sink,
            Duration heartbeat,
            Duration life,
            Executor workers) {
        this.streams = streams;
        this.waits = waits;
        this.device = device;
        this.claim = place;
        this.reader = reader;
        this.window = window;
        this.sink = sink;
        this.heartbeat = heartbeat;
        this.workers = workers;
        this.deadline = System.nanoTime() + life.toNanos();
    }

    String deviceId() {
        return device.deviceId();
    }

    boolean isOfSameConsumer(Subscription other) {
        return claim.map(ConsumerClaim::consumer).equals(other.claim().map(ConsumerClaim::consumer))
                && claim.isPresent();
    }

    /** Its claim to the consumer's place, if the consumer has a name. */
    Optional<ConsumerClaim> claim() {
        return claim;
    }

    /** Follows the stream until it ends, without a thread while it waits. To be called on a thread that may block. */
    CompletableFuture<SubscriptionEnd> follow() {
        run(() -> {
            send(sink::opened);
            return null;
        });
        return ended;
    }

    /** Ends it from outside. */
    public void stop(SubscriptionEnd end) {
        if (stopped.compareAndSet(null, end)) {
            var leave = onGone;
            if (leave != null) {
                leave.run();
            }
        }
    }

    /** More may be sent than before: looks again. */
    public void windowOpened() {
        waits.wake(Set.of(device.deviceId()));
    }

    /** Ends it when the client has not read for so long what is being sent. */
    void closeIfSlow(long now, Duration most) {
        long since = sendingSince;
        var follower = thread;
        if (since != 0 && now - since > most.toNanos() && follower != null) {
            stopped.compareAndSet(null, SubscriptionEnd.SLOW);
            follower.interrupt();
        }
    }

    /** Works until it has to wait or ends; goes on after the wait on another thread. */
    private void run(Work first) {
        thread = Thread.currentThread();
        try {
            var end = first.run();
            while (end == null) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    end = SubscriptionEnd.RECONNECT;
                    break;
                }
                var told = await(Math.min(left, heartbeat.toNanos()));
                if (!told.isDone()) {
                    thread = null;
                    var _ = told.thenAcceptAsync(what -> run(() -> on(what)), workers);
                    return;
                }
                end = on(told.join());
            }
            finish(end);
        } catch (IOException | InterruptedException e) {
            finish(endOr(SubscriptionEnd.GONE));
        } catch (RuntimeException e) {
            log.atError().addKeyValue("deviceId", device.deviceId()).setCause(e).log("connection failed");
            finish(SubscriptionEnd.FAILED);
        }
    }

    private void finish(SubscriptionEnd end) {
        // The interruption was meant for what is over now.
        var _ = Thread.interrupted();
        var last = end;
        try {
            send(() -> sink.ended(end));
        } catch (IOException e) {
            last = endOr(end);
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("deviceId", device.deviceId())
                    .setCause(e)
                    .log("connection not ended as it should");
            last = SubscriptionEnd.FAILED;
        }
        thread = null;
        ended.complete(last);
    }

    private CompletableFuture<WaitOutcome<Step>> await(long nanos) {
        var told = new CompletableFuture<WaitOutcome<Step>>();
        var admission = waits.start(
                new Wait<>(device.deviceId(), claim, false, Duration.ofNanos(nanos), this::poll, told::complete));
        if (admission instanceof Admission.Admitted(var leave)) {
            onGone = leave;
            if (stopped.get() != null) {
                leave.run();
            }
        }
        return told;
    }

    private @Nullable SubscriptionEnd on(WaitOutcome<Step> told) throws IOException, InterruptedException {
        return switch (told) {
            case WaitOutcome.Found<Step>(var step) -> deliver(step);
            case WaitOutcome.TimedOut<Step>() -> {
                unavailableSince = 0;
                send(sink::heartbeat);
                yield null;
            }
            case WaitOutcome.ShuttingDown<Step>() -> SubscriptionEnd.CLOSING;
            case WaitOutcome.Superseded<Step>() -> SubscriptionEnd.SUPERSEDED;
            case WaitOutcome.ClientGone<Step>() -> endOr(SubscriptionEnd.GONE);
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
                unavailableSince = 0;
                caughtUp = true;
                send(() -> sink.caughtUp(reader.cursor(position)));
                yield null;
            }
            case Step.Found(StreamRead.Slice slice) -> {
                unavailableSince = 0;
                yield send(slice);
            }
            case Step.Found(StreamRead.Lost(var reason, long earliest)) -> {
                send(() -> sink.reset(reason, streams.cursor(device, earliest)));
                yield SubscriptionEnd.RESET;
            }
            case Step.Found(StreamRead.Unavailable _) -> pause();
            case Step.Found(StreamRead.OwnershipEnded _) -> {
                var kept = streams.currentDevice(device.deviceId())
                        .filter(present -> present.userId().equals(device.userId()));
                if (kept.isEmpty()) {
                    yield SubscriptionEnd.FORBIDDEN;
                }
                var present = kept.get();
                send(() -> sink.reset(PositionLossReason.FOREIGN, streams.cursor(present, present.eventsFrom() - 1)));
                yield SubscriptionEnd.RESET;
            }
        };
    }

    private @Nullable SubscriptionEnd send(StreamRead.Slice slice) throws IOException {
        for (var event : slice.events()) {
            if (window.available() <= 0) {
                return null;
            }
            if (stopped.get() != null) {
                return endOr(SubscriptionEnd.GONE);
            }
            if (isSuperseded()) {
                return SubscriptionEnd.SUPERSEDED;
            }
            send(() -> sink.message(event, reader.cursor(event.offset())));
            window.sent(event.offset());
            reader.moveTo(event.offset());
        }
        reader.moveTo(slice.next());
        return null;
    }

    private boolean isSuperseded() {
        return claim.filter(mine -> !waits.isNewest(device.deviceId(), mine)).isPresent();
    }

    private @Nullable SubscriptionEnd pause() throws InterruptedException {
        long now = System.nanoTime();
        unavailableSince = unavailableSince == 0 ? now : unavailableSince;
        if (now - unavailableSince > UNAVAILABLE_TIMEOUT.toNanos()) {
            return SubscriptionEnd.RECONNECT;
        }
        Thread.sleep(ThreadLocalRandom.current().nextInt(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS));
        return null;
    }

    private SubscriptionEnd endOr(SubscriptionEnd otherwise) {
        var end = stopped.get();
        return end == null ? otherwise : end;
    }

    /** Marks the time it takes, for whoever looks after slow clients. */
    private void send(Sending sending) throws IOException {
        sendingSince = System.nanoTime();
        try {
            sending.send();
        } finally {
            sendingSince = 0;
        }
    }

    private interface Work {
        @Nullable
        SubscriptionEnd run() throws IOException, InterruptedException;
    }

    private interface Sending {
        void send() throws IOException;
    }
}
