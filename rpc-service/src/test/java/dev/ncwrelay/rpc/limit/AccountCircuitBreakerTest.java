package dev.ncwrelay.rpc.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AccountCircuitBreakerTest {

    private long nanos;
    private final AccountCircuitBreaker breaker = new AccountCircuitBreaker(() -> nanos);

    @Test
    void failuresOfManyDevices_openTheBreaker() {
        for (int i = 0; i < 19; i++) {
            breaker.failed("device-" + i);
            assertThat(breaker.state()).isEqualTo(AccountCircuitBreaker.State.CLOSED);
        }

        breaker.failed("device-19");

        assertThat(breaker.state()).isEqualTo(AccountCircuitBreaker.State.OPEN);
        assertThat(breaker.isPermitted("device-1")).isFalse();
    }

    /** Its payloads may be the cause. */
    @Test
    void failuresOfOneDevice_neverOpenTheBreaker() {
        for (int i = 0; i < 10_000; i++) {
            breaker.failed("device-1");
            if (i % 100 == 0) {
                breaker.succeeded("device-" + (2 + i % 7));
            }
            assertThat(breaker.state()).isEqualTo(AccountCircuitBreaker.State.CLOSED);
        }
    }

    @Test
    void failedConnections_openTheBreakerForAnyDevice() {
        for (int i = 0; i < 20; i++) {
            breaker.failedToConnect("device-1");
        }

        assertThat(breaker.state()).isEqualTo(AccountCircuitBreaker.State.OPEN);
    }

    @Test
    void recoveredDevice_countsAsSuccess() {
        for (int i = 0; i < 15; i++) {
            breaker.failed("device-" + i);
            breaker.succeeded("device-" + i);
        }
        for (int i = 15; i < 25; i++) {
            breaker.failed("device-" + i);
        }

        assertThat(breaker.state()).isEqualTo(AccountCircuitBreaker.State.CLOSED);
    }

    @Test
    void halfOpen_permitsAFewDevices() {
        // Given
        open();

        // When
        pass(5);

        // Then
        assertThat(breaker.state()).isEqualTo(AccountCircuitBreaker.State.HALF_OPEN);
        assertThat(breaker.isPermitted("device-0")).isTrue();
        assertThat(breaker.isPermitted("device-0"))
                .as("a second call of the device")
                .isFalse();
        for (int i = 1; i < 5; i++) {
            assertThat(breaker.isPermitted("device-" + i)).isTrue();
        }
        assertThat(breaker.isPermitted("device-5")).isFalse();
        breaker.succeeded("device-3");
        assertThat(breaker.state()).isEqualTo(AccountCircuitBreaker.State.CLOSED);
    }

    @Test
    void failedProbes_openTheBreakerAgain() {
        open();
        pass(5);
        breaker.isPermitted("device-1");

        breaker.failedToConnect("device-1");

        assertThat(breaker.state()).isEqualTo(AccountCircuitBreaker.State.OPEN);
        pass(5);
        for (int i = 0; i < 5; i++) {
            assertThat(breaker.state()).isEqualTo(AccountCircuitBreaker.State.HALF_OPEN);
            breaker.isPermitted("device-" + i);
            breaker.failed("device-" + i);
        }
        assertThat(breaker.state()).isEqualTo(AccountCircuitBreaker.State.OPEN);
    }

    /** The only probing device has a payload that Fireblocks fails on: others probe after a while. */
    @Test
    void probesWithoutAResult_areReplaced() {
        open();
        pass(5);
        breaker.isPermitted("device-1");
        for (int i = 0; i < 10; i++) {
            breaker.failed("device-1");
        }
        for (int i = 2; i < 6; i++) {
            breaker.isPermitted("device-" + i);
        }
        assertThat(breaker.isPermitted("device-6")).isFalse();

        pass(5);

        assertThat(breaker.isPermitted("device-6")).isTrue();
    }

    private void open() {
        for (int i = 0; i < 20; i++) {
            breaker.failedToConnect("device-1");
        }
    }

    private void pass(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }
}
