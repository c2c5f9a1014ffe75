package dev.ncwrelay.delivery.messages.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.cursor.SigningKey;
import dev.ncwrelay.delivery.messages.ack.AckPositions;
import dev.ncwrelay.delivery.messages.ack.ConsumerSettings;
import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.FeedSettings;
import dev.ncwrelay.delivery.messages.feed.LatencyMetrics;
import dev.ncwrelay.delivery.messages.feed.Page;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import dev.ncwrelay.delivery.messages.mailbox.Backlog;
import dev.ncwrelay.delivery.messages.stream.DeviceStreams;
import dev.ncwrelay.delivery.messages.stream.PositionLossReason;
import dev.ncwrelay.delivery.messages.stream.StreamSource;
import dev.ncwrelay.delivery.messages.wait.WaitRegistry;
import dev.ncwrelay.delivery.messages.wait.WaitSettings;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.Templates;
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

/** A subscription over a backlog that is unavailable at times; what transports add is tested by their contract. */
@Tag("kafka")
class SubscriptionTest {

    private static final int HELD_FROM = 10;
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final RegisteredDevice DEVICE =
            new RegisteredDevice("device", "wallet", "user", null, Instant.EPOCH, Instant.EPOCH, 0, -1, null);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final WaitRegistry waits = new WaitRegistry(
            new WaitSettings(3, 100, 100, Duration.ofMillis(1), Duration.ofMillis(50)),
            timers,
            workers,
            new Random(1),
            metrics);
    private final Recording sink = new Recording();
    private final List<CompletableFuture<SubscriptionEnd>> following = new CopyOnWriteArrayList<>();
    private volatile Backlog.Read failure = new Backlog.Read.Unavailable("no replica is reachable");
    private volatile boolean isBack;

    @AfterEach
    void stop() throws InterruptedException {
        waits.close();
        await().untilAsserted(() -> assertThat(following).allMatch(CompletableFuture::isDone));
        timers.shutdownNow();
        workers.shutdownNow();
    }

    @Test
    void backlog_unavailable_isRetried_andNothingIsSkipped() {
        var end = follow(SendWindow.unbounded());
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
        var end = follow(SendWindow.unbounded());
        await().untilAsserted(() -> assertThat(woken()).isGreaterThan(0));

        waits.close();

        assertThat(end).succeedsWithin(SOON).isEqualTo(SubscriptionEnd.SHUTTING_DOWN);
        assertThat(sink.said).containsExactly("opened", "ended SHUTTING_DOWN");
    }

    @Test
    void gap_isReported_andEndsTheSubscription() {
        failure = new Backlog.Read.Gone(true, 8);

        assertThat(follow(SendWindow.unbounded())).succeedsWithin(SOON).isEqualTo(SubscriptionEnd.RESET);

        assertThat(sink.said).containsExactly("opened", "reset TRIMMED", "ended RESET");
    }

    @Test
    void window_stopsWithinAPage_andGoesOnWhereItStopped() {
        isBack = true;
        var window = new SendWindow(2, Long.MAX_VALUE);
        var subscription = stream(window);
        var end = follow(subscription);
        await().untilAsserted(() -> assertThat(sink.said).contains("heartbeat"));
        assertThat(sink.said).contains("message 7", "message 8").doesNotContain("message 9", "caught up");

        window.acknowledged(7);
        subscription.windowOpened();

        await().untilAsserted(() -> assertThat(sink.said).contains("message 9"));
        assertThat(sink.said).doesNotContain("caught up");
        window.acknowledged(9);
        subscription.windowOpened();
        await().untilAsserted(() -> assertThat(sink.said).contains("caught up"));
        subscription.stop(SubscriptionEnd.STOPPED);
        assertThat(end).succeedsWithin(SOON).isEqualTo(SubscriptionEnd.STOPPED);
    }

    @Test
    void newerConnection_receives_onceTheBacklogIsAvailable() {
        var older = follow(SendWindow.unbounded());
        await().untilAsserted(() -> assertThat(woken()).isGreaterThan(0));
        var newer = follow(SendWindow.unbounded());
        await().untilAsserted(() -> assertThat(woken()).isGreaterThan(3));

        isBack = true;

        assertThat(older).succeedsWithin(SOON).isEqualTo(SubscriptionEnd.SUPERSEDED);
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
        var older = follow(stream(SendWindow.unbounded(), slow));
        await().untilAsserted(() -> assertThat(slow.said).contains("message 7"));

        assertThat(follow(SendWindow.unbounded())).isNotDone();
        await().untilAsserted(() -> assertThat(sink.said).contains("message 7", "message 8", "message 9"));
        held.countDown();

        assertThat(older).succeedsWithin(SOON).isEqualTo(SubscriptionEnd.SUPERSEDED);
        assertThat(slow.said).containsExactly("opened", "message 7", "ended SUPERSEDED");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<SubscriptionEnd> follow(SendWindow window) {
        return follow(stream(window));
    }

    private CompletableFuture<SubscriptionEnd> follow(Subscription subscription) {
        var end = CompletableFuture.completedFuture(subscription).thenComposeAsync(Subscription::follow, workers);
        following.add(end);
        return end;
    }

    /** From before the ring's first event. */
    private Subscription stream(SendWindow window) {
        return stream(window, sink);
    }

    private Subscription stream(SendWindow window, Subscriber sink) {
        var latency = new LatencyMetrics(Clock.systemUTC(), metrics);
        var feed = new Feed(
                new FeedSettings(Duration.ofMinutes(2), DataSize.ofMegabytes(1), 100, Duration.ofHours(1)),
                1,
                Clock.systemUTC(),
                latency);
        feed.positioned(0, HELD_FROM);
        var producer = new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
        var positions = new AckPositions(
                new RecordSender(Templates.of(producer), SharedStack.get().codec(), 1),
                () -> 1,
                "node",
                new ConsumerSettings(16, Duration.ofDays(90)),
                Clock.systemUTC(),
                Runnable::run);
        var codec = new CursorCodec(List.of(SigningKey.parse(Base64.getEncoder().encodeToString(new byte[32]))));
        var streams = new DeviceStreams(
                feed,
                new StreamSource(
                        feed,
                        (_, from, _) -> isBack ? page(((StartPosition.After) from).offset()) : failure,
                        _ -> Optional.of(DEVICE)),
                positions,
                codec,
                () -> 1,
                latency);
        var settings = new SubscriptionSettings(
                256, Duration.ofMillis(100), Duration.ofMinutes(1), Duration.ofSeconds(10), 8, 100);
        return new Subscriptions(streams, waits, settings, timers, workers, new Random(1), metrics)
                .open(DEVICE, "phone", new StartPosition.After(6), window, sink, Duration.ofMinutes(1));
    }

    private double woken() {
        var counter = metrics.find("relay.waits").tag("result", "found").counter();
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
        return new Backlog.Read.Found(new Page(events, HELD_FROM - 1, false));
    }

    /** Records all calls, in order. */
    private static class Recording implements Subscriber {

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
        public void reset(PositionLossReason reason, String earliest) {
            said.add("reset " + reason);
        }

        @Override
        public void heartbeat() {
            said.add("heartbeat");
        }

        @Override
        public void ended(SubscriptionEnd end) {
            said.add("ended " + end);
        }
    }
}
