package dev.ncwrelay.channel.wake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.time.MutableClock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PartitionWakesTest {

    private static final WakeSettings SETTINGS = new WakeSettings(
            Duration.ofSeconds(3), Duration.ofSeconds(30), Duration.ofHours(1), 1_000, Duration.ofDays(7), Set.of());

    private final MutableClock clock = new MutableClock();
    private final SimulatedService service = new SimulatedService(new Random(1), clock, 0);
    private final SimulatedWakes wakes = new SimulatedWakes(SETTINGS, clock, service);

    @Test
    void subscription_seenWhileItsEventIsRead_isWoken() {
        wakes.subscribe("device", "token", Map.of());
        wakes.append("device", false, null);

        wakes.read(1, () -> {
            wakes.pass(Duration.ZERO);
            wakes.catchUp();
        });
        wakes.catchUp();
        wakes.pass(Duration.ofSeconds(3));
        wakes.send();

        assertThat(service.accepted()).hasSize(1);
    }
}
