package dev.ncwrelay.delivery.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeviceRateLimiterTest {

    private final AtomicLong nanos = new AtomicLong();
    private final DeviceRateLimiter rateLimiter = new DeviceRateLimiter(10, nanos::get);

    @Test
    void burst_isAllowed_andThenTheRate() {
        assertThat(allowed("device", 100)).isEqualTo(50);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(allowed("device", 100)).isEqualTo(10);
    }

    @Test
    void bucket_isPerDevice_andHoldsAtMostTheBurst() {
        allowed("device", 100);
        assertThat(allowed("other", 100)).isEqualTo(50);

        nanos.addAndGet(Duration.ofSeconds(9).toNanos());

        assertThat(allowed("device", 100)).isEqualTo(50);
    }

    @Test
    void reserve_returnsTheDelay_andCountsTheRequest() {
        allowed("device", 50);

        assertThat(rateLimiter.reserve("device", Duration.ofMillis(200))).contains(Duration.ofMillis(100));
        assertThat(rateLimiter.reserve("device", Duration.ofMillis(200))).contains(Duration.ofMillis(200));
        assertThat(rateLimiter.reserve("device", Duration.ofMillis(200))).isEmpty();

        nanos.addAndGet(Duration.ofMillis(200).toNanos());
        assertThat(rateLimiter.reserve("device", Duration.ofMillis(200))).contains(Duration.ofMillis(100));
        assertThat(rateLimiter.tryAcquire("device")).isFalse();
    }

    private long allowed(String device, int asked) {
        return IntStream.range(0, asked)
                .filter(_ -> rateLimiter.tryAcquire(device))
                .count();
    }
}
