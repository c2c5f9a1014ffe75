package dev.ncwrelay.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class HttpSettingsTest {

    @Test
    void defaults_areThoseDocumented() {
        assertThat(bind(Map.of()))
                .isEqualTo(new HttpSettings(
                        DataSize.ofMegabytes(4),
                        DataSize.ofMegabytes(32),
                        DataSize.ofKilobytes(32),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        40_000,
                        4096));
    }

    @Test
    void everyKey_isMapped() {
        assertThat(bind(Map.of(
                        "max-body",
                        "2KB",
                        "max-bodies",
                        "5KB",
                        "min-rate",
                        "1KB",
                        "rate-window",
                        "2s",
                        "head-timeout",
                        "5s",
                        "max-connections",
                        "4",
                        "accept-queue",
                        "3")))
                .isEqualTo(new HttpSettings(
                        DataSize.ofKilobytes(2),
                        DataSize.ofKilobytes(5),
                        DataSize.ofKilobytes(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        4,
                        3));
    }

    @ParameterizedTest
    @CsvSource({
        "max-body, 0B",
        "max-body, 6MB",
        "max-bodies, 7MB",
        "min-rate, 0B",
        "rate-window, 2m",
        "head-timeout, 0s",
        "head-timeout, 2m",
        "max-connections, 0",
        "accept-queue, 0"
    })
    void invalidValues_areRejectedByName(String key, String value) {
        assertThatThrownBy(() -> bind(Map.of(key, value)))
                .rootCause()
                .hasMessageContaining("relay.delivery.http." + key);
    }

    private static HttpSettings bind(Map<String, String> values) {
        var source = new MapConfigurationPropertySource();
        values.forEach((key, value) -> source.put("relay.delivery.http." + key, value));
        return new Binder(source).bindOrCreate("relay.delivery.http", HttpSettings.class);
    }
}
