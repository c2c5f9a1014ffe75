package dev.ncwrelay.rpc.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SigningSessionsTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Test
    void signatures_areMadeABoundedNumberAtATime_onThreadsOfThePlatform() throws Exception {
        var sessions = new SigningSessions(3);
        var running = new AtomicInteger();
        var most = new AtomicInteger();

        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = IntStream.range(0, 200)
                    .mapToObj(number -> callers.submit(() -> sessions.run(
                            () -> {
                                assertThat(Thread.currentThread().isVirtual()).isFalse();
                                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                                LockSupport.parkNanos(100_000);
                                running.decrementAndGet();
                                return number;
                            },
                            LIMIT)))
                    .toList();

            assertThat(calls)
                    .extracting(Future::get)
                    .containsExactlyElementsOf(IntStream.range(0, 200).boxed().toList());
        }
        assertThat(most).hasValueBetween(1, 3);
    }

    @Test
    void signatureThatNeverGotASession_isNotMadeLater() throws Exception {
        // Given
        var sessions = new SigningSessions(1);
        var begun = new CountDownLatch(1);
        var hangs = new CountDownLatch(1);
        var made = new AtomicBoolean();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = callers.submit(() -> sessions.run(
                    () -> {
                        begun.countDown();
                        hangs.await();
                        return 1;
                    },
                    LIMIT));
            begun.await();

            // When
            assertThatThrownBy(() -> sessions.run(() -> made.getAndSet(true), Duration.ofMillis(20)))
                    .isInstanceOf(TimeoutException.class);
            hangs.countDown();

            // Then
            assertThat(first.get()).isEqualTo(1);
            assertThat(sessions.run(() -> 2, LIMIT)).isEqualTo(2);
            assertThat(made).isFalse();
        }
    }

    @Test
    void failure_isThatOfTheSignature() {
        assertThatThrownBy(() -> new SigningSessions(1)
                        .run(
                                () -> {
                                    throw new IllegalStateException("no session");
                                },
                                LIMIT))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("no session");
    }
}
