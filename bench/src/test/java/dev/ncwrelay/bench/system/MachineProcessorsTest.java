package dev.ncwrelay.bench.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MachineProcessorsTest {

    @Test
    void busy_isAllButIdleAndWaiting() {
        assertThat(MachineProcessors.busy("cpu  1 2 3 1000 2000 4 5 6 0 0")).isEqualTo(Duration.ofMillis(210));
    }
}
