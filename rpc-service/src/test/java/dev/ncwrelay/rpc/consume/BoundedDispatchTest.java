package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundedDispatchTest {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void dispatch_neverRunsMoreThanTheBound() throws Exception {
        // Given
        var dispatch = new BoundedDispatch(20, threads);
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var done = new CountDownLatch(5_000);

        // When
        for (int i = 0; i < 5_000; i++) {
            dispatch.submit(() -> {
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
    void waitingWork_runsInTheOrderItCame() {
        // Given
        var dispatch = new BoundedDispatch(1, threads);
        var gate = new Semaphore(0);
        var order = new ConcurrentLinkedQueue<Integer>();
        dispatch.submit(gate::acquireUninterruptibly);

        // When
        IntStream.range(0, 100).forEach(i -> dispatch.submit(() -> order.add(i)));
        gate.release();

        // Then
        await().untilAsserted(() -> assertThat(order).hasSize(100));
        assertThat(order)
                .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void fullAndRoomy_lieApart() {
        // Given
        var dispatch = new BoundedDispatch(20, threads);
        var gate = new Semaphore(0);
        var seen = Collections.synchronizedList(new ArrayList<List<Boolean>>());

        // When
        for (int i = 0; i < 20; i++) {
            seen.add(List.of(dispatch.isFull(), dispatch.isRoomy()));
            dispatch.submit(gate::acquireUninterruptibly);
        }

        // Then
        assertThat(seen.subList(0, 20)).containsOnly(List.of(false, true));
        assertThat(dispatch.isFull()).isTrue();
        assertThat(dispatch.isRoomy()).isFalse();
        gate.release(1);
        await().untilAsserted(() -> assertThat(dispatch.isRoomy()).isTrue());
        gate.release(19);
    }

    @Test
    void workThatThrows_givesItsPlaceBack() {
        var quiet = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().uncaughtExceptionHandler((_, _) -> {}).factory());
        var dispatch = new BoundedDispatch(1, quiet);
        var ran = new AtomicInteger();

        dispatch.submit(() -> {
            throw new IllegalStateException("a bug");
        });
        dispatch.submit(ran::incrementAndGet);

        await().untilAsserted(() -> assertThat(ran).hasValue(1));
    }
}
