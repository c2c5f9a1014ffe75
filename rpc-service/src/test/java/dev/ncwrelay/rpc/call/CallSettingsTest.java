package dev.ncwrelay.rpc.call;

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

class CallSettingsTest {

    @Test
    void defaults_areThoseOfTheReadme() {
        assertThat(call(Map.of()))
                .isEqualTo(new CallSettings(
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        DataSize.ofMegabytes(5),
                        200,
                        Duration.ofSeconds(30)));
        assertThat(retry(Map.of()))
                .isEqualTo(new RetrySettings(Duration.ofMillis(250), Duration.ofSeconds(5), Duration.ofMinutes(1)));
    }

    @Test
    void everyKey_isMapped() {
        assertThat(call(Map.of(
                        "relay.rpc.call.timeout", "1s",
                        "relay.rpc.call.connect-timeout", "2s",
                        "relay.rpc.call.write-timeout", "3s",
                        "relay.rpc.call.max-answer", "4KB",
                        "relay.rpc.call.idle-connections", "0",
                        "relay.rpc.call.idle-time", "6s")))
                .isEqualTo(new CallSettings(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        DataSize.ofKilobytes(4),
                        0,
                        Duration.ofSeconds(6)));
        assertThat(retry(Map.of(
                        "relay.rpc.retry.first-pause", "1ms",
                        "relay.rpc.retry.longest-pause", "2ms",
                        "relay.rpc.retry.longest-requested-pause", "3ms")))
                .isEqualTo(new RetrySettings(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3)));
    }

    @ParameterizedTest
    @CsvSource({
        "relay.rpc.call.timeout, 0s",
        "relay.rpc.call.connect-timeout, -1s",
        "relay.rpc.call.write-timeout, 0s",
        "relay.rpc.call.max-answer, 6MB",
        "relay.rpc.call.max-answer, 0B",
        "relay.rpc.call.idle-connections, -1",
        "relay.rpc.call.idle-time, 0s",
    })
    void invalidValue_isRejectedByName(String key, String value) {
        assertThatThrownBy(() -> call(Map.of(key, value))).rootCause().hasMessageContaining(key);
    }

    @ParameterizedTest
    @CsvSource({
        "relay.rpc.retry.first-pause, 0s",
        "relay.rpc.retry.longest-pause, 1ms",
        "relay.rpc.retry.longest-requested-pause, 0s",
        "relay.rpc.retry.longest-requested-pause, 25h",
    })
    void invalidPause_isRejectedByName(String key, String value) {
        assertThatThrownBy(() -> retry(Map.of(key, value))).rootCause().hasMessageContaining(key);
    }

    private static CallSettings call(Map<String, String> values) {
        return binder(values).bindOrCreate("relay.rpc.call", CallSettings.class);
    }

    private static RetrySettings retry(Map<String, String> values) {
        return binder(values).bindOrCreate("relay.rpc.retry", RetrySettings.class);
    }

    private static Binder binder(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values));
    }
}
