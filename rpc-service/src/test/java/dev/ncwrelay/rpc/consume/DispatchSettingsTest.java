package dev.ncwrelay.rpc.consume;

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

class DispatchSettingsTest {

    @Test
    void defaults_areThoseOfTheReadme() {
        assertThat(bind(Map.of()))
                .isEqualTo(new DispatchSettings(
                        "ncw-rpc",
                        2_200,
                        8,
                        128,
                        DataSize.ofMegabytes(64),
                        Duration.ofMinutes(5),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(60)));
    }

    @Test
    void everyKey_isMapped() {
        assertThat(bind(Map.of(
                        "relay.rpc.dispatch.group", "other",
                        "relay.rpc.dispatch.max-in-flight", "7",
                        "relay.rpc.dispatch.max-in-flight-per-device", "3",
                        "relay.rpc.dispatch.max-waiting-per-device", "4",
                        "relay.rpc.dispatch.max-bytes", "25MB",
                        "relay.rpc.dispatch.answered-memory", "6m",
                        "relay.rpc.dispatch.commit-interval", "1s",
                        "relay.rpc.dispatch.grace", "0s")))
                .isEqualTo(new DispatchSettings(
                        "other",
                        7,
                        3,
                        4,
                        DataSize.ofMegabytes(25),
                        Duration.ofMinutes(6),
                        Duration.ofSeconds(1),
                        Duration.ZERO));
    }

    @ParameterizedTest
    @CsvSource({
        "relay.rpc.dispatch.group, ' '",
        "relay.rpc.dispatch.max-in-flight, 0",
        "relay.rpc.dispatch.max-in-flight-per-device, 0",
        "relay.rpc.dispatch.max-waiting-per-device, 0",
        "relay.rpc.dispatch.max-bytes, 23MB",
        "relay.rpc.dispatch.answered-memory, 119s",
        "relay.rpc.dispatch.answered-memory, 61m",
        "relay.rpc.dispatch.commit-interval, 0s",
        "relay.rpc.dispatch.grace, -1s",
        "relay.rpc.dispatch.grace, 301s",
    })
    void invalidValue_isRejectedByName(String key, String value) {
        assertThatThrownBy(() -> bind(Map.of(key, value))).rootCause().hasMessageContaining(key);
    }

    private static DispatchSettings bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("relay.rpc.dispatch", DispatchSettings.class);
    }
}
