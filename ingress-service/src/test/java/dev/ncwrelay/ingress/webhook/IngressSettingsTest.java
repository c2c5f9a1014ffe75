package dev.ncwrelay.ingress.webhook;

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

class IngressSettingsTest {

    private static final String PREFIX = "relay.ingress.";

    @Test
    void settings_haveDefaults() {
        var settings = bind(Map.of());

        assertThat(settings.workspaces()).isEmpty();
        assertThat(settings.http())
                .isEqualTo(new IngressSettings.Http(
                        DataSize.ofMegabytes(5),
                        DataSize.ofMegabytes(64),
                        DataSize.ofKilobytes(32),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(2)));
        assertThat(settings.replay()).isEqualTo(new IngressSettings.Replay(Duration.ofHours(24), 200_000));
    }

    @Test
    void settings_acceptEveryKey() {
        var settings = bind(Map.of(
                PREFIX + "workspaces", "a,b",
                PREFIX + "http.max-body", "64KB",
                PREFIX + "http.max-bodies", "1MB",
                PREFIX + "http.min-rate", "1KB",
                PREFIX + "http.rate-window", "1s",
                PREFIX + "http.head-timeout", "5s",
                PREFIX + "http.forged-delay", "0s",
                PREFIX + "replay.window", "1h",
                PREFIX + "replay.max-entries", "7"));

        assertThat(settings.workspaces()).containsExactlyInAnyOrder("a", "b");
        assertThat(settings.http())
                .isEqualTo(new IngressSettings.Http(
                        DataSize.ofKilobytes(64),
                        DataSize.ofMegabytes(1),
                        DataSize.ofKilobytes(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ZERO));
        assertThat(settings.replay()).isEqualTo(new IngressSettings.Replay(Duration.ofHours(1), 7));
    }

    @ParameterizedTest
    @CsvSource({
        "http.max-body, 0",
        "http.max-body, -1KB",
        "http.max-body, 6MB",
        "http.max-body, much",
        "http.max-bodies, 9MB",
        "http.min-rate, 0",
        "http.rate-window, 0s",
        "http.rate-window, 2m",
        "http.head-timeout, 0s",
        "http.head-timeout, 2m",
        "http.forged-delay, -1s",
        "http.forged-delay, 1m",
        "replay.window, 8d",
        "replay.max-entries, 0",
    })
    void settings_rejectInvalidValues_namingTheKey(String key, String value) {
        assertThatThrownBy(() -> bind(Map.of(PREFIX + key, value))).hasStackTraceContaining(PREFIX + key);
    }

    private static IngressSettings bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("relay.ingress", IngressSettings.class);
    }
}
