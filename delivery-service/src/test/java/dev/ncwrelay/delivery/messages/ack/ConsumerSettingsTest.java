package dev.ncwrelay.delivery.messages.ack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ConsumerSettingsTest {

    @Test
    void defaults_areThoseDocumented() {
        assertThat(bind(Map.of())).isEqualTo(new ConsumerSettings(16, Duration.ofDays(90)));
    }

    @Test
    void everyKey_isMapped() {
        assertThat(bind(Map.of("consumers.per-device", "3", "consumers.unused", "2d")))
                .isEqualTo(new ConsumerSettings(3, Duration.ofDays(2)));
    }

    @Test
    void impossibleValues_areRefusedByName() {
        assertThatThrownBy(() -> bind(Map.of("consumers.per-device", "0")))
                .hasRootCauseMessage("relay.delivery.consumers.per-device must be positive, not 0");
        assertThatThrownBy(() -> bind(Map.of("consumers.unused", "59m")))
                .hasRootCauseMessage("relay.delivery.consumers.unused must be at least one hour, not PT59M");
    }

    private static ConsumerSettings bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("consumers", ConsumerSettings.class);
    }
}
