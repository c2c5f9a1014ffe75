package dev.ncwrelay.rpc.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeviceDispatcherTest {

    private static final String DEVICE = "device-1";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void dispatcher_neverRunsMoreThanTheBound() throws Exception {
        // Given
        var dispatch = new DeviceDispatcher(new DeviceDispatcher.Bounds(20, 20, 1_000, 1_000_000), threads);
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var done = new CountDownLatch(5_000);

        // When
        for (int i = 0; i < 5_000; i++) {
            dispatch.submit(DEVICE, 1, () -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                LockSupport.parkNanos(1);
                running.decrementAndGet();
                done.countDown();
            });
        }
        done.await();

        // Then
        assertThat(most).hasValueLessThanOrEqualTo(20);
        await().untilAsserted(() -> assertThat(dispatch.running()).isZero());
        assertThat(dispatch.waiting()).isZero();
    }

    @Test
    void waitingWork_runsInSubmissionOrder() {
        // Given
        var dispatch = new DeviceDispatcher(new DeviceDispatcher.Bounds(1, 1, 1_000, 1_000_000), threads);
        var gate = new Semaphore(0);
        var order = new ConcurrentLinkedQueue<Integer>();
        dispatch.submit(DEVICE, 1, gate::acquireUninterruptibly);

        // When
        IntStream.range(0, 100).forEach(i -> dispatch.submit(DEVICE, 1, () -> order.add(i)));
        gate.release();

        // Then
        await().untilAsserted(() -> assertThat(order).hasSize(100));
        assertThat(order)
                .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void fullAndCapacity_haveDifferentThresholds() {
        // Given
        var dispatch = new DeviceDispatcher(new DeviceDispatcher.Bounds(20, 20, 1_000, 1_000_000), threads);
        var gate = new Semaphore(0);
        var seen = Collections.synchronizedList(new ArrayList<List<Boolean>>());

        // When
        for (int i = 0; i < 20; i++) {
            seen.add(List.of(dispatch.isFull(), dispatch.hasCapacity()));
            dispatch.submit(DEVICE, 1, gate::acquireUninterruptibly);
        }

        // Then
        assertThat(seen.subList(0, 20)).containsOnly(List.of(false, true));
        assertThat(dispatch.isFull()).isTrue();
        assertThat(dispatch.hasCapacity()).isFalse();
        gate.release(1);
        await().untilAsserted(() -> assertThat(dispatch.hasCapacity()).isTrue());
        gate.release(19);
    }

    @Test
    void failedWork_releasesItsCapacity() {
        var quiet = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().uncaughtExceptionHandler((_, _) -> {}).factory());
        var dispatch = new DeviceDispatcher(new DeviceDispatcher.Bounds(1, 1, 1_000, 1_000_000), quiet);
        var ran = new AtomicInteger();

        dispatch.submit(DEVICE, 1, () -> {
            throw new IllegalStateException("a bug");
        });
        dispatch.submit(DEVICE, 1, ran::incrementAndGet);

        await().untilAsserted(() -> assertThat(ran).hasValue(1));
    }

    @Test
    void busyDevice_doesNotDelayOthers() {
        var dispatch = new DeviceDispatcher(new DeviceDispatcher.Bounds(10, 2, 1_000, 1_000_000), threads);
        var gate = new Semaphore(0);
        var other = new AtomicInteger();
        for (int i = 0; i < 9; i++) {
            dispatch.submit(DEVICE, 1, gate::acquireUninterruptibly);
        }

        dispatch.submit("device-2", 1, other::incrementAndGet);

        await().untilAsserted(() -> assertThat(other).hasValue(1));
        assertThat(dispatch.running()).isEqualTo(2);
        assertThat(dispatch.waiting()).isEqualTo(7);
        gate.release(9);
    }

    @Test
    void deviceWithItsShareWaiting_isFullAndOthersAreNot() {
        // Given
        var dispatch = new DeviceDispatcher(new DeviceDispatcher.Bounds(10, 2, 3, 1_000), threads);
        var gate = new Semaphore(0);

        // When
        for (int i = 0; i < 5; i++) {
            assertThat(dispatch.isDeviceFull(DEVICE)).isFalse();
            dispatch.submit(DEVICE, 1, gate::acquireUninterruptibly);
        }

        // Then
        assertThat(dispatch.isDeviceFull(DEVICE)).isTrue();
        assertThat(dispatch.isDeviceFull("device-2")).isFalse();
        gate.release(1);
        await().untilAsserted(() -> assertThat(dispatch.isDeviceFull(DEVICE)).isFalse());
        gate.release(4);
    }

    @Test
    void bytes_areBoundedPerDeviceAndInTotal() {
        // Given
        var dispatch = new DeviceDispatcher(new DeviceDispatcher.Bounds(100, 100, 100, 1_000), threads);
        var gate = new Semaphore(0);

        // When
        dispatch.submit(DEVICE, 250, gate::acquireUninterruptibly);
        dispatch.submit("device-2", 249, gate::acquireUninterruptibly);

        // Then
        assertThat(dispatch.isDeviceFull(DEVICE)).isTrue();
        assertThat(dispatch.isDeviceFull("device-2")).isFalse();
        assertThat(dispatch.isFull()).isFalse();
        dispatch.submit("device-3", 501, gate::acquireUninterruptibly);
        assertThat(dispatch.isFull()).isTrue();
        assertThat(dispatch.hasCapacity()).isFalse();
        gate.release(3);
        await().untilAsserted(() -> assertThat(dispatch.hasCapacity()).isTrue());
        assertThat(dispatch.isDeviceFull(DEVICE)).isFalse();
    }

    /**
     * Work is submitted and ends in any order: bounds hold, the work of each device starts in order, and none is lost.
     */
    @Property
    void dispatcher_keepsBoundsAndOrder(
            @ForAll @IntRange(min = 1, max = 6) int bound,
            @ForAll @IntRange(min = 1, max = 3) int deviceBound,
            @ForAll List<@IntRange(min = -4, max = 4) Integer> steps) {
        // Given: threads that end when they are told to
        var threads = new HandThreads();
        var dispatch = new DeviceDispatcher(new DeviceDispatcher.Bounds(bound, deviceBound, 1_000, 1_000_000), threads);
        var submitted = new HashMap<Integer, Integer>();

        // When: a device of this number has work, or a thread ends
        for (int step : steps) {
            if (step >= 0) {
                int number = submitted.merge(step, 1, Integer::sum);
                dispatch.submit("device-" + step, 1, () -> threads.isOf(step, number));
            } else {
                threads.endOne(step % 2 == 0);
            }

            // Then
            assertThat(dispatch.running()).isEqualTo(threads.started.size()).isLessThanOrEqualTo(bound);
        }
        while (!threads.started.isEmpty()) {
            threads.endOne(true);
        }
        assertThat(dispatch.waiting()).isZero();
        submitted.forEach((device, count) -> threads.assertOrder(device, count, deviceBound));
    }

    /** Threads that record what they ran when they end. */
    private static final class HandThreads implements Executor {

        private final ArrayList<Started> started = new ArrayList<>();
        private final List<Ended> ended = new ArrayList<>();
        private int time;
        private int startOfCurrent;

        private record Started(Runnable run, int at) {}

        private record Ended(int device, int number, int from, int to) {}

        @Override
        public void execute(Runnable run) {
            started.add(new Started(run, time++));
        }

        void endOne(boolean oldest) {
            if (!started.isEmpty()) {
                var one = oldest ? started.removeFirst() : started.removeLast();
                startOfCurrent = one.at();
                one.run().run();
            }
        }

        void isOf(int device, int number) {
            ended.add(new Ended(device, number, startOfCurrent, time++));
        }

        void assertOrder(int device, int count, int atOnce) {
            var mine = ended.stream()
                    .filter(end -> end.device() == device)
                    .sorted(Comparator.comparingInt(Ended::from))
                    .toList();
            assertThat(mine)
                    .extracting(Ended::number)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, count).boxed().toList());
            for (var one : mine) {
                assertThat(mine)
                        .filteredOn(other -> other.from() <= one.from() && one.from() < other.to())
                        .hasSizeLessThanOrEqualTo(atOnce);
            }
        }
    }
}
