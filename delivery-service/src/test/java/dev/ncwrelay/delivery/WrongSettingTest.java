package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A failed start names the setting, and never its value, which may be a secret. */
@ExtendWith(OutputCaptureExtension.class)
class WrongSettingTest {

    private static final String SECRET = "MIIsecretsecret";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relay.delivery.peer.secrt",
                "relay.delivery.peer.secret-file",
                "relay.delivery.cursor.key-file",
                "relay.delivery.cursor.keys",
                "relay.delivery.wait.per-second",
                "relay.delivery.channel.rabbitmq.url",
                "relay.delivery.demo-api.wallets-url",
                "relay.registry.propertys.password",
                "relay.kafka.partitions",
                "relay.kafka.properties.ssl.keystore.password",
                "spring.kafka.bootstrap-server",
                "server.port"
            })
    void invalidSetting_isNamedWithoutItsValue(String key, CapturedOutput output) {
        assertThatThrownBy(() -> start("--" + key + "=" + SECRET));

        assertThat(output)
                .contains("APPLICATION FAILED TO START", key)
                .doesNotContain(SECRET)
                .doesNotContain("\tat ");
    }

    @Test
    void settingOfTheMailboxes_isNamedWithoutItsValue(CapturedOutput output) {
        assertThatThrownBy(() -> start("--spring.kafka.streams.properties.num.stream.threads=" + SECRET));

        assertThat(output)
                .contains("APPLICATION FAILED TO START", "spring.kafka.streams: num.stream.threads must not be set")
                .doesNotContain(SECRET);
    }

    @Test
    void malformedYaml_isNotShown(@TempDir Path folder, CapturedOutput output) throws Exception {
        var file = folder.resolve("application.yaml");
        Files.writeString(file, "relay:\n  delivery:\n    peer:\n      secret: " + SECRET + "\n     port: [1\n");

        assertThatThrownBy(() -> start("--spring.config.additional-location=" + file));

        assertThat(output)
                .contains("A configuration file is not YAML: line 5")
                .doesNotContain(SECRET)
                .doesNotContain("\tat ");
    }

    private static void start(String setting) {
        var arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--spring.kafka.bootstrap-servers=127.0.0.1:1",
                // The client of the missing broker gives up before it is closed.
                "--spring.kafka.properties.request.timeout.ms=100",
                "--spring.kafka.properties.default.api.timeout.ms=100",
                "--relay.delivery.auth.issuer=http://127.0.0.1:1",
                "--relay.delivery.auth.jwks-url=http://127.0.0.1:1/keys",
                "--relay.delivery.peer.port=0"));
        if (!setting.contains("cursor.key")) {
            arguments.add("--relay.delivery.cursor.keys=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        }
        if (!setting.contains("peer.secret-file")) {
            arguments.add("--relay.delivery.peer.secret=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        }
        arguments.add(setting);
        SpringApplication.run(DeliveryApplication.class, arguments.toArray(String[]::new))
                .close();
    }
}
