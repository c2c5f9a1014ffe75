package dev.ncwrelay.channel.fcm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class FcmSettingsTest {

    @Test
    void defaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new FcmSettings(
                        false,
                        "ncw-channel-fcm",
                        null,
                        null,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(30),
                        Duration.ofHours(1),
                        72,
                        Duration.ofDays(7),
                        Duration.ofDays(7),
                        Set.of(
                                "transaction.status.updated",
                                "embedded_wallet.status.updated",
                                "embedded_wallet.device.added",
                                "TRANSACTION_STATUS_UPDATED",
                                "NCW_TRANSACTION_STATUS_UPDATED",
                                "NCW_ADD_DEVICE_SETUP_REQUESTED",
                                "NCW_DEVICE_MESSAGE"),
                        null));
    }

    @Test
    void everyKey_isMapped() {
        var values = new HashMap<String, String>();
        values.put("enabled", "true");
        values.put("group", "g");
        values.put("credentials-file", "account.json");
        values.put("project-id", "p");
        values.put("delay", "4s");
        values.put("interval", "5s");
        values.put("max-interval", "6s");
        values.put("daily-cap", "7");
        values.put("max-age", "8s");
        values.put("ttl", "9s");
        values.put("urgent-events", "a,b");
        values.put("endpoint", "http://127.0.0.1:1");

        assertThat(bind(values))
                .isEqualTo(new FcmSettings(
                        true,
                        "g",
                        Path.of("account.json"),
                        "p",
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        7,
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(9),
                        Set.of("a", "b"),
                        URI.create("http://127.0.0.1:1")));
    }

    @ParameterizedTest
    @CsvSource({
        "group,' '",
        "delay,-1s",
        "interval,0s",
        "max-interval,29s",
        "daily-cap,0",
        "max-age,0s",
        "ttl,0s",
        "ttl,29d",
        "endpoint,http://192.0.2.1",
        "endpoint,file:/tmp",
        "endpoint,ftp://127.0.0.1:1",
        "endpoint,mailto:a",
        "endpoint,http://127.0.0.1:1/",
        "endpoint,http://127.0.0.1:1/v1",
        "endpoint,http://127.0.0.1:1?a=b"
    })
    void invalidValue_isRefused_namingTheKey(String key, String value) {
        assertThatThrownBy(() -> bind(Map.of(key, value)))
                .rootCause()
                .hasMessageStartingWith("relay.channel.fcm." + key + " must be ");
    }

    @Test
    void enabledWithoutCredentials_isRefused() {
        assertThatThrownBy(() -> bind(Map.of("enabled", "true")))
                .rootCause()
                .hasMessageStartingWith("relay.channel.fcm.credentials-file must be ");
    }

    private static FcmSettings bind(Map<String, String> values) {
        var all = new HashMap<String, String>();
        values.forEach((key, value) -> all.put("relay.channel.fcm." + key, value));
        return new Binder(new MapConfigurationPropertySource(all)).bindOrCreate("relay.channel.fcm", FcmSettings.class);
    }
}
