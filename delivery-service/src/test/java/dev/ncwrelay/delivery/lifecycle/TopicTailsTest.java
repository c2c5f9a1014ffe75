package dev.ncwrelay.delivery.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TopicTailsTest {

    /** While Kafka is unreachable each takes seconds to close. */
    @Test
    void tails_areClosedConcurrently() {
        // Given
        var allBegun = new CountDownLatch(3);
        var met = new AtomicInteger();
        Runnable closing = () -> {
            allBegun.countDown();
            if (isOver(allBegun)) {
                met.incrementAndGet();
            }
        };

        // When
        TopicTails.closeAll(Collections.nCopies(3, closing));

        // Then
        assertThat(met).hasValue(3);
    }

    private static boolean isOver(CountDownLatch latch) {
        try {
            return latch.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
