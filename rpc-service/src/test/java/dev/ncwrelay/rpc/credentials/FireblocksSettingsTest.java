package dev.ncwrelay.rpc.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class FireblocksSettingsTest {

    private static final String PREFIX = "relay.rpc.fireblocks";

    @Test
    void defaults_areProductionInTheUs() {
        assertThat(bind(Map.of()))
                .isEqualTo(new FireblocksSettings(Region.US, null, null, null, null, null, Duration.ofSeconds(30)));
    }

    @Test
    void everyKey_isMapped() {
        var settings = bind(Map.of(
                PREFIX + ".region", "eu2",
                PREFIX + ".base-url", "http://127.0.0.1:8090",
                PREFIX + ".api-key", "key",
                PREFIX + ".api-key-file", "key-file",
                PREFIX + ".private-key", "pem",
                PREFIX + ".private-key-file", "pem-file",
                PREFIX + ".token-lifetime", "55s"));

        assertThat(settings.region()).isEqualTo(Region.EU2);
        assertThat(settings.api()).isEqualTo(URI.create("http://127.0.0.1:8090"));
        assertThat(settings.defaultUser().givenApiKey().map(ApiKey::reveal)).contains("key");
        assertThat(settings.defaultUser().givenApiKeyFile()).contains("key-file");
        assertThat(settings.defaultUser().givenPrivateKey().map(PrivateKeyPem::reveal))
                .contains("pem");
        assertThat(settings.defaultUser().givenPrivateKeyFile()).contains("pem-file");
        assertThat(settings.tokenLifetime()).isEqualTo(Duration.ofSeconds(55));
    }

    @Test
    void blankTexts_countAsAbsent() {
        var settings = bind(Map.of(
                PREFIX + ".base-url",
                "",
                PREFIX + ".api-key",
                "",
                PREFIX + ".api-key-file",
                "",
                PREFIX + ".private-key",
                "",
                PREFIX + ".private-key-file",
                ""));

        assertThat(settings.api()).isEqualTo(URI.create("https://api.fireblocks.io"));
        assertThat(settings.defaultUser().givenApiKey()).isEmpty();
        assertThat(settings.defaultUser().givenApiKeyFile()).isEmpty();
        assertThat(settings.defaultUser().givenPrivateKey()).isEmpty();
        assertThat(settings.defaultUser().givenPrivateKeyFile()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "us, https://api.fireblocks.io",
        "eu, https://eu-api.fireblocks.io",
        "eu2, https://eu2-api.fireblocks.io",
        "sandbox, https://sandbox-api.fireblocks.io",
    })
    void region_determinesTheAddress(String region, URI api) {
        assertThat(bind(Map.of(PREFIX + ".region", region)).api()).isEqualTo(api);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.fireblocks.io/v1",
                "ftp://host",
                "host",
                "https://host?x=1",
                "http://ho st",
                "https://user@host"
            })
    void baseUrl_mustBeAnAddressOnly(String url) {
        assertThatThrownBy(() -> bind(Map.of(PREFIX + ".base-url", url)))
                .rootCause()
                .hasMessageContaining(PREFIX + ".base-url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "56s"})
    void tokenLifetime_mustBeAcceptedByFireblocks(String lifetime) {
        assertThatThrownBy(() -> bind(Map.of(PREFIX + ".token-lifetime", lifetime)))
                .rootCause()
                .hasMessageContaining(PREFIX + ".token-lifetime");
    }

    private static FireblocksSettings bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(PREFIX, FireblocksSettings.class);
    }
}
