package dev.ncwrelay.delivery.messages.wait;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.delivery.limit.Admission;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A wait that is superseded at the worst moment: when it has superseded another and is not yet registered itself. */
class WaitRegistrySupersededEarlyTest {

    private static final int PER_DEVICE = 2;

    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Deque<Runnable> beforeWork = new ArrayDeque<>();
    private final WaitRegistry waits = new WaitRegistry(
            new WaitSettings(PER_DEVICE, 100, 1_000, Duration.ZERO, Duration.ZERO),
            timers,
            this::work,
            new Random(1),
            metrics);
    private final List<WaitOutcome<String>> ends = new ArrayList<>();

    @AfterEach
    void stop() {
        timers.shutdownNow();
    }

    @Test
    void start_supersededBeforeRegistered_doesNotCountTowardsTheLimit() {
        start(waits.claim("app"));
        beforeWork.add(() -> start(waits.claim("app")));

        start(waits.claim("app"));

        assertThat(ends).hasSize(2).allMatch(WaitOutcome.Superseded.class::isInstance);
        assertThat(metrics.get("relay.waits.active").gauge().value()).isEqualTo(1);
        assertThat(start(Optional.empty())).isInstanceOf(Admission.Admitted.class);
        assertThat(start(Optional.empty())).isInstanceOf(Admission.DeviceFull.class);
    }

    private Admission start(Optional<ConsumerClaim> place) {
        return waits.start(new Wait<String>("device", place, true, Duration.ofSeconds(50), Optional::empty, ends::add));
    }

    /** Runs tasks at once, each after an action of the test. */
    private void work(Runnable work) {
        var first = beforeWork.poll();
        if (first != null) {
            first.run();
        }
        work.run();
    }
}
