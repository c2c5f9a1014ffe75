package dev.ncwrelay.ingress.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class IngressSettingsTest {

    private static final String KEY = "relay.ingress.http.max-body";

    @Test
    void settings_haveDefaults() {
        assertThat(bind(Map.of()).maxBody()).isEqualTo(DataSize.ofMegabytes(5));
    }

    @Test
    void settings_takeEveryKey() {
        assertThat(bind(Map.of(KEY, "64KB")).maxBody()).isEqualTo(DataSize.ofKilobytes(64));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1KB", "6MB", "much"})
    void settings_refuseImpossibleValuesByTheirKey(String value) {
        assertThatThrownBy(() -> bind(Map.of(KEY, value))).hasStackTraceContaining(KEY);
    }

    private static IngressSettings bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("relay.ingress.http", IngressSettings.class);
    }
}
