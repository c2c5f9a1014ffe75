package dev.ncwrelay.delivery.messages.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class VisibilityTimeoutsTest {

    private static final int MESSAGES = 200_000;

    private final AtomicLong nanos = new AtomicLong();
    private final VisibilityTimeouts visibility = new VisibilityTimeouts(nanos::get);

    @Test
    void claim_succeedsForOneCaller() {
        assertThat(visibility.claim("device", 1)).isTrue();

        assertThat(visibility.claim("device", 1)).isFalse();
        assertThat(visibility.isHidden("device", 1)).isTrue();
    }

    @Test
    void claim_isPerMessageAndDevice() {
        visibility.claim("device", 1);

        assertThat(visibility.isHidden("device", 2)).isFalse();
        assertThat(visibility.isHidden("other", 1)).isFalse();
    }

    @Test
    void claim_endsAfterTwoMinutes() {
        visibility.claim("device", 1);

        nanos.addAndGet(Duration.ofSeconds(119).toNanos());
        assertThat(visibility.isHidden("device", 1)).isTrue();

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(visibility.isHidden("device", 1)).isFalse();
        assertThat(visibility.claim("device", 1)).isTrue();
    }

    @Test
    void claim_hidesTheNewest() {
        for (int id = 0; id < 2 * MESSAGES; id++) {
            visibility.claim("device", id);
        }

        for (int id = MESSAGES; id < 2 * MESSAGES; id++) {
            assertThat(visibility.isHidden("device", id)).isTrue();
        }
        assertThat(visibility.isHidden("device", MESSAGES - 1)).isFalse();
    }
}
