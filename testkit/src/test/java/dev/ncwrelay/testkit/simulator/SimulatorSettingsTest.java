package dev.ncwrelay.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.testkit.playground.PlaygroundSettings;
import dev.ncwrelay.testkit.webhook.RetrySchedule;
import dev.ncwrelay.testkit.webhook.SignatureMode;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SimulatorSettingsTest {

    @Test
    void defaults_areThoseOfTheLocalStack() {
        var settings = SimulatorSettings.read(Map.of("PATH", "/bin"));

        assertThat(settings.address()).isEqualTo("127.0.0.1");
        assertThat(settings.port()).isEqualTo(8090);
        assertThat(settings.webhookTarget()).isEqualTo(URI.create("http://127.0.0.1:8081/webhooks/fireblocks"));
        assertThat(settings.signature()).isEqualTo(SignatureMode.JWS);
        assertThat(settings.retries()).isEqualTo(RetrySchedule.v2());
        assertThat(settings.credentials()).isEmpty();
        assertThat(settings.fcm()).isEmpty();
        assertThat(settings.playground()).isEmpty();
        assertThat(settings.knownUser()).isEmpty();
    }

    @Test
    void everySetting_canBeGivenAsAVariable() {
        var settings = SimulatorSettings.read(Map.ofEntries(
                Map.entry("SIMULATOR_PORT", "0"),
                Map.entry("SIMULATOR_ADDRESS", "0.0.0.0"),
                Map.entry("SIMULATOR_WEBHOOK_TARGET", "https://relay.example/hook"),
                Map.entry("SIMULATOR_SIGNATURE", "both"),
                Map.entry("SIMULATOR_RETRIES", "v1"),
                Map.entry("SIMULATOR_RETRY_SCALE", "0.01"),
                Map.entry("SIMULATOR_CREDENTIALS", "/run/simulator"),
                Map.entry("SIMULATOR_FCM_PORT", "8091"),
                Map.entry("SIMULATOR_API_KEY", "key-1"),
                Map.entry("SIMULATOR_API_PUBLIC_KEY", "/run/public.pem"),
                Map.entry("SIMULATOR_DELIVERY", "http://127.0.0.1:8080,http://127.0.0.1:8202"),
                Map.entry("SIMULATOR_KAFKA", "127.0.0.1:9092"),
                Map.entry("SIMULATOR_REGISTRY", "http://127.0.0.1:8085")));

        assertThat(settings)
                .isEqualTo(new SimulatorSettings(
                        "0.0.0.0",
                        0,
                        URI.create("https://relay.example/hook"),
                        SignatureMode.BOTH,
                        RetrySchedule.v1().scaledBy(0.01),
                        Optional.of(Path.of("/run/simulator")),
                        Optional.of(new SimulatorSettings.Fcm(8091, Path.of("/run/simulator/fcm.json"))),
                        Optional.of(new PlaygroundSettings(
                                List.of(URI.create("http://127.0.0.1:8080"), URI.create("http://127.0.0.1:8202")),
                                Optional.of(new PlaygroundSettings.Kafka(
                                        "127.0.0.1:9092", URI.create("http://127.0.0.1:8085"))))),
                        Optional.of(new SimulatorSettings.KnownUser("key-1", Path.of("/run/public.pem")))));
    }

    @Test
    void option_overridesTheVariable() {
        var environment = Map.of("SIMULATOR_PORT", "1", "SIMULATOR_RETRIES", "v1");

        var settings = SimulatorSettings.read(environment, "--port=2", "--retries=none");

        assertThat(settings.port()).isEqualTo(2);
        assertThat(settings.retries()).isEqualTo(RetrySchedule.none());
    }

    @ParameterizedTest
    @CsvSource({
        "--port=x, --port must be",
        "--port=65536, --port must be",
        "--fcm-port=8091, --fcm-port needs --credentials",
        "--webhook-target=relay, --webhook-target must be",
        "--signature=none, '--signature must be one of [jws, legacy, both]'",
        "--retries=v3, '--retries must be one of [v1, v2, none]'",
        "--retry-scale=-1, --retry-scale must be",
        "--kafka=k, --kafka and --registry go together",
        "--delivery=d, --delivery must be",
        "'--delivery=http://127.0.0.1:8080,', --delivery must be",
        "--api-key=k, --api-key and --api-public-key go together",
        "--webhooks=x, unknown setting --webhooks",
        "8090, unknown setting 8090"
    })
    void invalidSetting_isNamed(String argument, String message) {
        assertThatThrownBy(() -> SimulatorSettings.read(Map.of(), argument))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void unknownVariable_isNamed() {
        assertThatThrownBy(() -> SimulatorSettings.read(Map.of("SIMULATOR_PROT", "1")))
                .hasMessageContaining("unknown setting --prot");
    }
}
