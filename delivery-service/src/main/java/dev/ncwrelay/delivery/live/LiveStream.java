package dev.ncwrelay.delivery.live;

import dev.ncwrelay.delivery.await.Admission;
import dev.ncwrelay.delivery.await.End;
import dev.ncwrelay.delivery.await.Place;
import dev.ncwrelay.delivery.await.Wait;
import dev.ncwrelay.delivery.await.Waits;
import dev.ncwrelay.delivery.stream.DeviceStreams;
import dev.ncwrelay.delivery.stream.Reason;
import dev.ncwrelay.delivery.stream.StreamRead;
import dev.ncwrelay.delivery.stream.StreamReader;
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
 *   <li>It waits by the one rule of {@link Waits}, for a message that has room, at most a heartbeat long.
 *   <li>Each message is sent once, in the order of the stream; no more than the window has room for, and none after a
 *       later connection of the same consumer has begun.
 *   <li>It ends once, in one of the ways of {@link LiveEnd}.
 * </ol>
 */
public final class LiveStream {

    private static final Logger log = LoggerFactory.getLogger(LiveStream.class);

    /** How long what it needs may be away before the client is sent to another node. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int LEAST_PAUSE_MILLIS = 200;
    private static final int MOST_PAUSE_MILLIS = 800;

    private final DeviceStreams streams;
    private final Waits waits;
    private final RegisteredDevice device;
    private final Optional<Place> place;
    private final StreamReader reader;
    private final Window window;
    private final Sink sink;
    private final Duration heartbeat;
    private final long deadline;
    private final Executor workers;
    private final CompletableFuture<LiveEnd> ended = new CompletableFuture<>();
    private final AtomicReference<@Nullable LiveEnd> stopped = new AtomicReference<>();
    private volatile @Nullable Runnable gone;
    private volatile long sendingSince;
    private volatile @Nullable Thread thread;
    private volatile boolean caughtUp;
    private volatile long awaySince;

    /** What it may wake for. */
    private sealed interface Step {

        record Found(StreamRead read) implements Step {}

        record CaughtUp(long position) implements Step {}
    }

    LiveStream(
            DeviceStreams streams,
            Waits waits,
            RegisteredDevice device,
            Optional<Place> place,
            StreamReader reader,
            Window window,
            Sink sink,
            Duration heartbeat,
            Duration life,
            Executor workers) {
        this.streams = streams;
        this.waits = waits;
        this.device = device;
        this.place = place;
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

    boolean isOfSameConsumer(LiveStream other) {
        return place.map(Place::consumer).equals(other.place().map(Place::consumer)) && place.isPresent();
    }

    /** Its claim to the consumer's place, if the consumer has a name. */
    Optional<Place> place() {
        return place;
    }

    /** Follows the stream until it ends, without a thread while it waits. To be called on a thread that may block. */
    CompletableFuture<LiveEnd> follow() {
        run(() -> {
            send(sink::opened);
            return null;
        });
        return ended;
    }

    /** Ends it from outside. */
    public void stop(LiveEnd end) {
        if (stopped.compareAndSet(null, end)) {
            var leave = gone;
            if (leave != null) {
                leave.run();
            }
        }
    }

    /** More may be sent than before: looks again. */
    public void roomMade() {
        waits.wake(Set.of(device.deviceId()));
    }

    /** Ends it when the client has not read for so long what is being sent. */
    void endIfUndrained(long now, Duration most) {
        long since = sendingSince;
        var follower = thread;
        if (since != 0 && now - since > most.toNanos() && follower != null) {
            stopped.compareAndSet(null, LiveEnd.SLOW);
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
                    end = LiveEnd.RECONNECT;
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
            finish(endOr(LiveEnd.GONE));
        } catch (RuntimeException e) {
            log.atError().addKeyValue("deviceId", device.deviceId()).setCause(e).log("connection failed");
            finish(LiveEnd.FAILED);
        }
    }

    private void finish(LiveEnd end) {
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
            last = LiveEnd.FAILED;
        }
        thread = null;
        ended.complete(last);
    }

    private CompletableFuture<End<Step>> await(long nanos) {
        var told = new CompletableFuture<End<Step>>();
        var admission = waits.start(
                new Wait<>(device.deviceId(), place, false, Duration.ofNanos(nanos), this::look, told::complete));
        if (admission instanceof Admission.Admitted(var leave)) {
            gone = leave;
            if (stopped.get() != null) {
                leave.run();
            }
        }
        return told;
    }

    private @Nullable LiveEnd on(End<Step> told) throws IOException, InterruptedException {
        return switch (told) {
            case End.Woken<Step>(var step) -> deliver(step);
            case End.TimedOut<Step>() -> {
                awaySince = 0;
                send(sink::heartbeat);
                yield null;
            }
            case End.Closing<Step>() -> LiveEnd.CLOSING;
            case End.Superseded<Step>() -> LiveEnd.SUPERSEDED;
            case End.Gone<Step>() -> endOr(LiveEnd.GONE);
        };
    }

    private Optional<Step> look() {
        if (window.room() <= 0) {
            return streams.isCurrent(device)
                    ? Optional.empty()
                    : Optional.of(new Step.Found(new StreamRead.ChangedHands()));
        }
        var found = reader.look();
        if (found.isEmpty() && !caughtUp) {
            return Optional.of(new Step.CaughtUp(reader.position()));
        }
        return found.map(Step.Found::new);
    }

    private @Nullable LiveEnd deliver(Step step) throws IOException, InterruptedException {
        return switch (step) {
            case Step.CaughtUp(long position) -> {
                awaySince = 0;
                caughtUp = true;
                send(() -> sink.caughtUp(reader.cursor(position)));
                yield null;
            }
            case Step.Found(StreamRead.Slice slice) -> {
                awaySince = 0;
                yield send(slice);
            }
            case Step.Found(StreamRead.Lost(var reason, long earliest)) -> {
                send(() -> sink.reset(reason, streams.cursor(device, earliest)));
                yield LiveEnd.RESET;
            }
            case Step.Found(StreamRead.Away _) -> pause();
            case Step.Found(StreamRead.ChangedHands _) -> {
                var kept = streams.present(device.deviceId())
                        .filter(present -> present.userId().equals(device.userId()));
                if (kept.isEmpty()) {
                    yield LiveEnd.FORBIDDEN;
                }
                var present = kept.get();
                send(() -> sink.reset(Reason.FOREIGN, streams.cursor(present, present.eventsFrom() - 1)));
                yield LiveEnd.RESET;
            }
        };
    }

    private @Nullable LiveEnd send(StreamRead.Slice slice) throws IOException {
        for (var event : slice.events()) {
            if (window.room() <= 0) {
                return null;
            }
            if (stopped.get() != null) {
                return endOr(LiveEnd.GONE);
            }
            if (isSuperseded()) {
                return LiveEnd.SUPERSEDED;
            }
            send(() -> sink.message(event, reader.cursor(event.offset())));
            window.sent(event.offset());
            reader.moveTo(event.offset());
        }
        reader.moveTo(slice.next());
        return null;
    }

    private boolean isSuperseded() {
        return place.filter(mine -> !waits.isNewest(device.deviceId(), mine)).isPresent();
    }

    private @Nullable LiveEnd pause() throws InterruptedException {
        long now = System.nanoTime();
        awaySince = awaySince == 0 ? now : awaySince;
        if (now - awaySince > PATIENCE.toNanos()) {
            return LiveEnd.RECONNECT;
        }
        Thread.sleep(ThreadLocalRandom.current().nextInt(LEAST_PAUSE_MILLIS, MOST_PAUSE_MILLIS));
        return null;
    }

    private LiveEnd endOr(LiveEnd otherwise) {
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
        LiveEnd run() throws IOException, InterruptedException;
    }

    private interface Sending {
        void send() throws IOException;
    }
}
