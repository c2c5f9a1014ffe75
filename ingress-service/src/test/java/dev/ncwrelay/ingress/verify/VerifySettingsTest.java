package dev.ncwrelay.ingress.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class VerifySettingsTest {

    @Test
    void settings_haveDefaults() {
        var settings = bind(Map.of());

        assertThat(settings.region()).isEqualTo(Region.US);
        assertThat(settings.effectiveJwksUrl()).isEqualTo(Region.US.jwksUrl());
        assertThat(settings.legacy().enabled()).isFalse();
        assertThat(settings.legacy().keyFiles()).isEmpty();
    }

    @Test
    void settings_acceptEveryKey() {
        var settings = bind(Map.of(
                "relay.ingress.verify.region", "sandbox",
                "relay.ingress.verify.jwks-url", "http://127.0.0.1:8090/keys",
                "relay.ingress.verify.legacy.enabled", "true",
                "relay.ingress.verify.legacy.key-files", "a.pem,b.pem"));

        assertThat(settings.region()).isEqualTo(Region.SANDBOX);
        assertThat(settings.effectiveJwksUrl()).isEqualTo(URI.create("http://127.0.0.1:8090/keys"));
        assertThat(settings.legacy().enabled()).isTrue();
        assertThat(settings.legacy().keyFiles()).containsExactly(Path.of("a.pem"), Path.of("b.pem"));
    }

    @ParameterizedTest
    @CsvSource({"region, mars", "jwks-url, ftp://keys", "jwks-url, keys.json", "legacy.enabled, perhaps"})
    void settings_rejectInvalidValues_namingTheKey(String key, String value) {
        assertThatThrownBy(() -> bind(Map.of("relay.ingress.verify." + key, value)))
                .hasStackTraceContaining("relay.ingress.verify." + key);
    }

    private static VerifySettings bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("relay.ingress.verify", VerifySettings.class);
    }
}
