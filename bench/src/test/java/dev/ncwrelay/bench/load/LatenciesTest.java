package dev.ncwrelay.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void percentiles_areOfWhatWasRecorded() {
        var latencies = new Latencies();
        for (int millis = 1; millis <= 1_000; millis++) {
            latencies.record(millis * 1_000_000L);
        }

        assertThat(latencies.count()).isEqualTo(1_000);
        assertThat(latencies.percentile(50)).isCloseTo(500, within(1.0));
        assertThat(latencies.percentile(99)).isCloseTo(990, within(1.0));
        assertThat(latencies.max()).isCloseTo(1_000, within(1.0));
    }

    @Test
    void percentiles_ofNothing_areZero() {
        assertThat(new Latencies().percentile(99)).isZero();
        assertThat(new Latencies().max()).isZero();
    }

    @Test
    void record_keepsWhatIsOutOfRange() {
        var latencies = new Latencies();

        latencies.record(-5);
        latencies.record(Long.MAX_VALUE);

        assertThat(latencies.count()).isEqualTo(2);
    }
}
