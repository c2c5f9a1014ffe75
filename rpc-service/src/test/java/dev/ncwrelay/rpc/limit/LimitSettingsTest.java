package dev.ncwrelay.rpc.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class LimitSettingsTest {

    @Test
    void defaults_areThoseOfTheReadme() {
        assertThat(bind(Map.of())).isEqualTo(new LimitSettings(0, 60, 60, 0, 200));
    }

    @Test
    void everyKey_isMapped() {
        assertThat(bind(Map.of(
                        "relay.rpc.limit.calls-per-minute", "1",
                        "relay.rpc.limit.fewest-per-minute", "2",
                        "relay.rpc.limit.step-per-minute", "3",
                        "relay.rpc.limit.in-flight-per-tenant", "4",
                        "relay.rpc.limit.waiting-per-tenant", "5")))
                .isEqualTo(new LimitSettings(1, 2, 3, 4, 5));
    }

    @ParameterizedTest
    @CsvSource({
        "relay.rpc.limit.calls-per-minute, -1",
        "relay.rpc.limit.fewest-per-minute, 0",
        "relay.rpc.limit.step-per-minute, 0",
        "relay.rpc.limit.in-flight-per-tenant, -1",
        "relay.rpc.limit.waiting-per-tenant, -1",
    })
    void invalidValue_isRejectedByName(String key, String value) {
        assertThatThrownBy(() -> bind(Map.of(key, value))).rootCause().hasMessageContaining(key);
    }

    private static LimitSettings bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("relay.rpc.limit", LimitSettings.class);
    }
}
