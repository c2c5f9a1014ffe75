package dev.ncwrelay.delivery.messages.wait;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.delivery.limit.Admission;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitRegistryTest {

    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SOON = Duration.ofMinutes(1);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final WaitRegistry waits =
            waits(new WaitSettings(3, 10_000, 1_000, Duration.ofMillis(1), Duration.ofMillis(50)));
    private final AtomicBoolean there = new AtomicBoolean();

    @AfterEach
    void stop() {
        timers.shutdownNow();
        workers.shutdownNow();
    }

    @Test
    void wait_isWokenWhenSomethingComes() {
        var end = start("device", "", LONG);

        there.set(true);
        waits.wake(Set.of("device"));

        assertThat(end).succeedsWithin(SOON).isEqualTo(new WaitOutcome.Found<>("found"));
        assertThat(counted("found")).isEqualTo(1);
    }

    @Test
    void wait_forWhatIsThere_endsAtOnce() {
        there.set(true);

        assertThat(start("device", "", LONG)).isCompletedWithValue(new WaitOutcome.Found<>("found"));
    }

    @Test
    void wait_ofNoLengthAtAll_stillLooks() throws Exception {
        for (int round = 0; round < 200; round++) {
            var end = new CompletableFuture<WaitOutcome<String>>();
            waits.start(new Wait<>(
                    "device",
                    Optional.empty(),
                    true,
                    Duration.ZERO,
                    () -> {
                        // Lets everything run that is due by now.
                        settle();
                        return Optional.of("found");
                    },
                    end::complete));
            assertThat(end).succeedsWithin(SOON).isEqualTo(new WaitOutcome.Found<>("found"));
        }
    }

    private void settle() {
        try {
            timers.schedule(() -> {}, 1, TimeUnit.MILLISECONDS).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void poll_thatIsRefused_endsNoConnectionOfItsName() {
        var stream = new CompletableFuture<WaitOutcome<String>>();
        waits.start(new Wait<>("device", waits.claim("phone"), false, LONG, Optional::empty, stream::complete));
        for (int one = 0; one < 3; one++) {
            var _ = start("device", "", LONG);
        }

        var refused =
                waits.start(new Wait<String>("device", waits.claim("phone"), true, LONG, Optional::empty, _ -> {}));

        assertThat(refused).isEqualTo(new Admission.DeviceFull(3));
        assertThat(counted("superseded")).isZero();
        assertThat(stream).isNotDone();
    }

    @Test
    void wait_wokenForNothing_goesOn_andTimesOut() {
        var end = start("device", "", Duration.ofMillis(300));

        waits.wake(Set.of("device", "other"));

        assertThat(end).succeedsWithin(SOON).isEqualTo(new WaitOutcome.TimedOut<>());
        assertThat(counted("timed_out")).isEqualTo(1);
    }

    @Test
    void wait_thatIsExact_isNotShortened_othersByATenthAtMost() {
        var delays = new ArrayList<Long>();
        var recording = new ScheduledThreadPoolExecutor(1) {
            @Override
            public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
                delays.add(unit.toNanos(delay));
                return super.schedule(work, delay, unit);
            }
        };
        try (recording) {
            var settings = new WaitSettings(1_000, 10_000, 1_000, Duration.ZERO, Duration.ZERO);
            var recorded = new WaitRegistry(settings, recording, workers, new Random(1), metrics);
            for (int round = 0; round < 100; round++) {
                recorded.start(Wait.<String>ofExactTimeout("exact", LONG, Optional::empty, _ -> {}));
            }
            assertThat(delays).hasSize(100).containsOnly(LONG.toNanos());
            delays.clear();

            for (int round = 0; round < 100; round++) {
                recorded.start(new Wait<String>("other", Optional.empty(), true, LONG, Optional::empty, _ -> {}));
            }

            assertThat(delays)
                    .hasSize(100)
                    .allSatisfy(delay -> assertThat(delay).isBetween(LONG.toNanos() * 9 / 10, LONG.toNanos()));
            recording.shutdownNow();
        }
    }

    @Test
    void message_isCollectedWithOthers_onlyWhenItMayBeInABurst() {
        var delays = new ArrayList<Long>();
        var recording = new ScheduledThreadPoolExecutor(1) {
            @Override
            public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
                delays.add(unit.toNanos(delay));
                return super.schedule(work, delay, unit);
            }
        };
        try (recording) {
            var _ = wakenAfter(Duration.ofDays(1), recording);
            assertThat(delays)
                    .containsExactly(LONG.toNanos(), Duration.ofDays(1).toNanos());
            delays.clear();

            // Ten nanoseconds after its begin no wait is woken.
            assertThat(wakenAfter(Duration.ofNanos(1), recording))
                    .succeedsWithin(SOON)
                    .isEqualTo(new WaitOutcome.Found<>("found"));
            assertThat(delays).containsExactly(LONG.toNanos());
            recording.shutdownNow();
        }
    }

    /** A wait that is woken as soon as it has begun. */
    private CompletableFuture<WaitOutcome<String>> wakenAfter(
            Duration coalesce, ScheduledThreadPoolExecutor recording) {
        var settings = new WaitSettings(3, 10, 1_000, coalesce, Duration.ZERO);
        var recorded = new WaitRegistry(settings, recording, workers, new Random(1), metrics);
        var end = new CompletableFuture<WaitOutcome<String>>();
        there.set(false);
        recorded.start(Wait.ofExactTimeout(
                "device", LONG, () -> there.get() ? Optional.of("found") : Optional.empty(), end::complete));
        there.set(true);
        recorded.wake(Set.of("device"));
        return end;
    }

    @Test
    void wait_ofANamedConsumer_isSuperseded_othersAreNot() {
        var older = start("device", "app", LONG);
        var other = start("device", "other", LONG);

        var newer = start("device", "app", LONG);

        assertThat(older).succeedsWithin(SOON).isEqualTo(new WaitOutcome.Superseded<>());
        assertThat(other).isNotDone();
        assertThat(newer).isNotDone();
        assertThat(counted("superseded")).isEqualTo(1);
    }

    @Test
    void wait_thatComesBack_isSupersededByALaterClaim_howeverOftenEitherWaits() {
        var older = waits.claim("app");
        var newer = waits.claim("app");
        var waiting = startIn(newer);

        assertThat(startIn(older)).isCompletedWithValue(new WaitOutcome.Superseded<>());
        assertThat(waiting).isNotDone();

        there.set(true);
        waits.wake(Set.of("device"));
        assertThat(waiting).succeedsWithin(SOON).isEqualTo(new WaitOutcome.Found<>("found"));
        there.set(false);
        var meanwhile = startIn(older);
        var back = startIn(newer);
        assertThat(meanwhile).succeedsWithin(SOON).isEqualTo(new WaitOutcome.Superseded<>());
        assertThat(back).isNotDone();
    }

    @Test
    void wait_whoseClientDisconnected_endsAsClientGone() {
        var end = new CompletableFuture<WaitOutcome<String>>();
        var admission = waits.start(wait("device", "", LONG, end));

        assertThat(admission).isInstanceOfSatisfying(Admission.Admitted.class, admitted -> {
            admitted.onClientGone().run();
            admitted.onClientGone().run();
        });

        assertThat(end).isCompletedWithValue(new WaitOutcome.ClientGone<>());
        assertThat(counted("client_gone")).isEqualTo(1);
        assertThat(held()).isZero();
    }

    @Test
    void wait_beyondALimit_isRefused() {
        assertThat(IntStream.range(0, 3).mapToObj(_ -> start("device", "", LONG)))
                .noneMatch(CompletableFuture::isDone);
        var tiny = waits(new WaitSettings(3, 1, 1_000, Duration.ZERO, Duration.ZERO));
        tiny.start(wait("one", "", LONG, new CompletableFuture<>()));

        assertThat(waits.start(wait("device", "", LONG, new CompletableFuture<>())))
                .isEqualTo(new Admission.DeviceFull(3));
        assertThat(tiny.start(wait("two", "", LONG, new CompletableFuture<>()))).isEqualTo(new Admission.NodeFull(1));
    }

    @Test
    void close_endsAllWaits_andThoseThatComeAfter() throws Exception {
        var ends =
                IntStream.range(0, 3).mapToObj(_ -> start("device", "", LONG)).toList();

        waits.close();

        assertThat(ends).allSatisfy(end -> assertThat(end).isCompletedWithValue(new WaitOutcome.ShuttingDown<>()));
        assertThat(start("device", "", LONG)).isCompletedWithValue(new WaitOutcome.ShuttingDown<>());
        assertThat(counted("shutting_down")).isEqualTo(4);
        assertThat(held()).isZero();
    }

    @Test
    void end_mayStartAnotherWait() {
        var second = new CompletableFuture<WaitOutcome<String>>();
        waits.start(new Wait<String>(
                "device",
                waits.claim("app"),
                true,
                Duration.ofMillis(100),
                Optional::empty,
                _ -> waits.start(wait("device", "app", Duration.ofMillis(100), second))));

        assertThat(second).succeedsWithin(SOON).isEqualTo(new WaitOutcome.TimedOut<>());
    }

    @Test
    void attempt_neverRunsTwiceAtOnce() {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var end = new CompletableFuture<WaitOutcome<String>>();
        waits.start(new Wait<String>(
                "device",
                Optional.empty(),
                true,
                Duration.ofSeconds(1),
                () -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    running.decrementAndGet();
                    return Optional.empty();
                },
                end::complete));

        while (!end.isDone()) {
            waits.wake(Set.of("device"));
        }

        assertThat(most).hasValue(1);
    }

    /** One thread makes something readable and then wakes; at the same moment another begins to wait for it. */
    @Test
    void wake_duringTheStartOfAWait_isNeverLost() throws Exception {
        var barrier = new CyclicBarrier(2);
        for (int round = 0; round < 5_000; round++) {
            var device = "device-" + round;
            var readable = new AtomicBoolean();
            var end = new CompletableFuture<WaitOutcome<String>>();
            var writer = workers.submit(() -> {
                barrier.await();
                readable.set(true);
                waits.wake(Set.of(device));
                return null;
            });
            barrier.await();
            waits.start(new Wait<String>(
                    device,
                    Optional.empty(),
                    true,
                    LONG,
                    () -> readable.get() ? Optional.of("found") : Optional.empty(),
                    end::complete));
            writer.get(60, TimeUnit.SECONDS);

            assertThat(end).as("round %d", round).succeedsWithin(SOON).isEqualTo(new WaitOutcome.Found<>("found"));
        }
    }

    @Test
    void wait_thatEndsInManyWaysAtOnce_endsOnce() throws Exception {
        var endings = new AtomicInteger();
        var disconnects = new ArrayList<Runnable>();
        int rounds = 500;
        for (int round = 0; round < rounds; round++) {
            var admission = waits.start(new Wait<String>(
                    "device-" + round,
                    Optional.empty(),
                    true,
                    Duration.ofMillis(round % 20),
                    () -> there.get() ? Optional.of("found") : Optional.empty(),
                    _ -> endings.incrementAndGet()));
            if (admission instanceof Admission.Admitted(var gone)) {
                disconnects.add(gone);
            }
        }
        there.set(true);
        var _ = workers.submit(() -> disconnects.forEach(Runnable::run));
        waits.wake(Set.copyOf(
                IntStream.range(0, rounds).mapToObj(round -> "device-" + round).toList()));
        waits.close();

        assertThat(endings).hasValue(rounds);
        assertThat(List.of("found", "timed_out", "client_gone", "shutting_down").stream()
                        .mapToDouble(this::counted)
                        .sum())
                .isEqualTo(rounds);
    }

    private CompletableFuture<WaitOutcome<String>> start(String device, String consumer, Duration timeout) {
        var end = new CompletableFuture<WaitOutcome<String>>();
        assertThat(waits.start(wait(device, consumer, timeout, end))).isInstanceOf(Admission.Admitted.class);
        return end;
    }

    private CompletableFuture<WaitOutcome<String>> startIn(Optional<ConsumerClaim> place) {
        var end = new CompletableFuture<WaitOutcome<String>>();
        waits.start(new Wait<String>(
                "device",
                place,
                true,
                LONG,
                () -> there.get() ? Optional.of("found") : Optional.empty(),
                end::complete));
        return end;
    }

    private Wait<String> wait(
            String device, String consumer, Duration timeout, CompletableFuture<WaitOutcome<String>> end) {
        return new Wait<>(
                device,
                waits.claim(consumer),
                true,
                timeout,
                () -> there.get() ? Optional.of("found") : Optional.empty(),
                end::complete);
    }

    private WaitRegistry waits(WaitSettings settings) {
        return new WaitRegistry(settings, timers, workers, new Random(1), metrics);
    }

    private double counted(String result) {
        var counter = metrics.find("relay.waits").tag("result", result).counter();
        return counter == null ? 0 : counter.count();
    }

    private double held() {
        return metrics.get("relay.waits.active").gauge().value();
    }
}
