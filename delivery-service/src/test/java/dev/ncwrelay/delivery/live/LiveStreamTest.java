package dev.ncwrelay.delivery.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.delivery.await.WaitSettings;
import dev.ncwrelay.delivery.await.Waits;
import dev.ncwrelay.delivery.cursor.CursorCodec;
import dev.ncwrelay.delivery.cursor.CursorKey;
import dev.ncwrelay.delivery.feed.Event;
import dev.ncwrelay.delivery.feed.Feed;
import dev.ncwrelay.delivery.feed.FeedSettings;
import dev.ncwrelay.delivery.mailbox.Backlog;
import dev.ncwrelay.delivery.mailbox.Backlog.From;
import dev.ncwrelay.delivery.measure.Stages;
import dev.ncwrelay.delivery.position.ConsumerSettings;
import dev.ncwrelay.delivery.position.Positions;
import dev.ncwrelay.delivery.publish.Publisher;
import dev.ncwrelay.delivery.stream.DeviceStreams;
import dev.ncwrelay.delivery.stream.Reason;
import dev.ncwrelay.delivery.stream.StreamSource;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.testkit.kafka.SharedStack;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** A connection over a backlog that comes and goes; what transports add is in their contract. */
@Tag("kafka")
class LiveStreamTest {

    private static final int HELD_FROM = 10;
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final RegisteredDevice DEVICE =
            new RegisteredDevice("device", "wallet", "user", null, Instant.EPOCH, Instant.EPOCH, 0, -1, null);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final Waits waits = new Waits(
            new WaitSettings(3, 100, 100, Duration.ofMillis(1), Duration.ofMillis(50)),
            timers,
            workers,
            new Random(1),
            metrics);
    private final Recording sink = new Recording();
    private final List<CompletableFuture<LiveEnd>> following = new CopyOnWriteArrayList<>();
    private volatile Backlog.Read trouble = new Backlog.Read.Away("nobody has it");
    private volatile boolean isBack;

    @AfterEach
    void stop() throws InterruptedException {
        waits.close();
        await().untilAsserted(() -> assertThat(following).allMatch(CompletableFuture::isDone));
        timers.shutdownNow();
        workers.shutdownNow();
    }

    @Test
    void backlog_thatIsAway_isWaitedFor_andNothingIsSkipped() {
        var end = follow(Window.unbounded());
        await().untilAsserted(() -> assertThat(woken()).isGreaterThan(2));
        assertThat(sink.said).containsExactly("opened");

        isBack = true;

        await().untilAsserted(() -> assertThat(sink.said)
                .containsSubsequence("opened", "message 7", "message 8", "message 9", "caught up"));
        assertThat(sink.said.stream().filter(word -> word.startsWith("message")))
                .hasSize(3);
        assertThat(end).isNotDone();
    }

    @Test
    void shutdown_endsWhoWaitsForTheBacklog() throws InterruptedException {
        var end = follow(Window.unbounded());
        await().untilAsserted(() -> assertThat(woken()).isGreaterThan(0));

        waits.close();

        assertThat(end).succeedsWithin(SOON).isEqualTo(LiveEnd.CLOSING);
        assertThat(sink.said).containsExactly("opened", "ended CLOSING");
    }

    @Test
    void gap_isTold_andEndsIt() {
        trouble = new Backlog.Read.Gone(true, 8);

        assertThat(follow(Window.unbounded())).succeedsWithin(SOON).isEqualTo(LiveEnd.RESET);

        assertThat(sink.said).containsExactly("opened", "reset TRIMMED", "ended RESET");
    }

    @Test
    void window_stopsWithinAPage_andGoesOnWhereItStopped() {
        isBack = true;
        var window = new Window(2, Long.MAX_VALUE);
        var stream = stream(window);
        var end = follow(stream);
        await().untilAsserted(() -> assertThat(sink.said).contains("heartbeat"));
        assertThat(sink.said).contains("message 7", "message 8").doesNotContain("message 9", "caught up");

        window.acknowledged(7);
        stream.roomMade();

        await().untilAsserted(() -> assertThat(sink.said).contains("message 9"));
        assertThat(sink.said).doesNotContain("caught up");
        window.acknowledged(9);
        stream.roomMade();
        await().untilAsserted(() -> assertThat(sink.said).contains("caught up"));
        stream.stop(LiveEnd.STOPPED);
        assertThat(end).succeedsWithin(SOON).isEqualTo(LiveEnd.STOPPED);
    }

    @Test
    void newerConnection_hasThePlace_onceTheBacklogIsBack() {
        var older = follow(Window.unbounded());
        await().untilAsserted(() -> assertThat(woken()).isGreaterThan(0));
        var newer = follow(Window.unbounded());
        await().untilAsserted(() -> assertThat(woken()).isGreaterThan(3));

        isBack = true;

        assertThat(older).succeedsWithin(SOON).isEqualTo(LiveEnd.SUPERSEDED);
        assertThat(newer).isNotDone();
    }

    @Test
    void busyConnection_sendsNothingMore_onceALaterOneOfItsConsumerHasBegun() {
        isBack = true;
        var held = new CountDownLatch(1);
        var slow = new Recording() {
            @Override
            public void message(Event event, String cursor) {
                super.message(event, cursor);
                awaitQuietly(held);
            }
        };
        var older = follow(stream(Window.unbounded(), slow));
        await().untilAsserted(() -> assertThat(slow.said).contains("message 7"));

        assertThat(follow(Window.unbounded())).isNotDone();
        await().untilAsserted(() -> assertThat(sink.said).contains("message 7", "message 8", "message 9"));
        held.countDown();

        assertThat(older).succeedsWithin(SOON).isEqualTo(LiveEnd.SUPERSEDED);
        assertThat(slow.said).containsExactly("opened", "message 7", "ended SUPERSEDED");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<LiveEnd> follow(Window window) {
        return follow(stream(window));
    }

    private CompletableFuture<LiveEnd> follow(LiveStream stream) {
        var end = CompletableFuture.completedFuture(stream).thenComposeAsync(LiveStream::follow, workers);
        following.add(end);
        return end;
    }

    /** From before what the ring holds. */
    private LiveStream stream(Window window) {
        return stream(window, sink);
    }

    private LiveStream stream(Window window, Sink sink) {
        var stages = new Stages(Clock.systemUTC(), metrics);
        var feed = new Feed(
                new FeedSettings(Duration.ofMinutes(2), DataSize.ofMegabytes(1), 100, Duration.ofHours(1)),
                1,
                Clock.systemUTC(),
                stages);
        feed.positioned(0, HELD_FROM);
        var producer = new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
        var positions = new Positions(
                new Publisher(producer, SharedStack.get().codec(), 1),
                () -> 1,
                "node",
                new ConsumerSettings(16, Duration.ofDays(90)),
                Clock.systemUTC(),
                Runnable::run);
        var codec = new CursorCodec(List.of(CursorKey.parse(Base64.getEncoder().encodeToString(new byte[32]))));
        var streams = new DeviceStreams(
                feed,
                new StreamSource(
                        feed,
                        (_, from, _) -> isBack ? page(((From.After) from).offset()) : trouble,
                        _ -> Optional.of(DEVICE)),
                positions,
                codec,
                () -> 1,
                stages);
        var settings =
                new LiveSettings(256, Duration.ofMillis(100), Duration.ofMinutes(1), Duration.ofSeconds(10), 8, 100);
        return new LiveStreams(streams, waits, settings, timers, workers, new Random(1), metrics)
                .open(DEVICE, "phone", new From.After(6), window, sink, Duration.ofMinutes(1));
    }

    private double woken() {
        var counter = metrics.find("relay.waits").tag("result", "woken").counter();
        return counter == null ? 0 : counter.count();
    }

    private static Backlog.Read page(long after) {
        var events = LongStream.range(after + 1, HELD_FROM)
                .mapToObj(offset -> new Event(
                        "event-" + offset,
                        "type",
                        DEVICE.deviceId(),
                        null,
                        null,
                        Instant.EPOCH,
                        Instant.EPOCH,
                        ByteBuffer.wrap(new byte[] {'1'}),
                        offset))
                .toList();
        return new Backlog.Read.Page(events, HELD_FROM - 1, false);
    }

    /** Keeps what it was told, in order. */
    private static class Recording implements Sink {

        final List<String> said = new CopyOnWriteArrayList<>();

        @Override
        public void opened() {
            said.add("opened");
        }

        @Override
        public void message(Event event, String cursor) {
            said.add("message " + event.offset());
        }

        @Override
        public void caughtUp(String next) {
            said.add("caught up");
        }

        @Override
        public void reset(Reason reason, String earliest) {
            said.add("reset " + reason);
        }

        @Override
        public void heartbeat() {
            said.add("heartbeat");
        }

        @Override
        public void ended(LiveEnd end) {
            said.add("ended " + end);
        }
    }
}
