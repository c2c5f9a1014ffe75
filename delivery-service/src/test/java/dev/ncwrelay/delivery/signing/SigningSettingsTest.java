package dev.ncwrelay.delivery.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ncwrelay.cursor.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SigningSettingsTest {

    private static final String FIRST = key(1);
    private static final String SECOND = key(2);
    private static final String THIRD = key(3);

    @TempDir
    private Path folder;

    @Test
    void defaults_haveNoKey() {
        assertThat(bind(Map.of())).isEqualTo(new SigningSettings(List.of(), null));
    }

    @Test
    void everyKey_isMapped() {
        assertThat(bind(Map.of("keys", FIRST + "," + SECOND, "key-file", "/run/keys")))
                .isEqualTo(new SigningSettings(List.of(FIRST, SECOND), Path.of("/run/keys")));
    }

    @Test
    void load_putsKeysBeforeThoseOfTheFile_andSkipsBlankLines() throws IOException {
        var file = Files.writeString(folder.resolve("keys"), "\n" + SECOND + "  \n\n" + THIRD + "\n");

        var loaded = new SigningSettings(List.of(FIRST), file).load();

        assertThat(loaded.stream().map(SigningKey::key))
                .containsExactly(
                        SigningKey.parse(FIRST).key(),
                        SigningKey.parse(SECOND).key(),
                        SigningKey.parse(THIRD).key());
    }

    @Test
    void load_ofAnEmptyOrMissingFile_namesTheSetting() throws IOException {
        var empty = Files.writeString(folder.resolve("empty"), " \n");

        for (var file : List.of(empty, folder.resolve("missing"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new SigningSettings(List.of(), file).load())
                    .withMessageContaining("relay.delivery.cursor.key-file");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"c2VjcmV0", "this is my secret"})
    void load_ofAnInvalidKey_namesTheSetting_withoutTheValue(String bad) throws IOException {
        var file = Files.writeString(folder.resolve("keys"), FIRST + "\n" + bad);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SigningSettings(List.of(bad), null).load())
                .withMessageContaining("relay.delivery.cursor.keys")
                .withMessageNotContaining(bad);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SigningSettings(List.of(), file).load())
                .withMessageContaining("relay.delivery.cursor.key-file")
                .withMessageNotContaining(bad);
    }

    private static SigningSettings bind(Map<String, String> values) {
        var source = new MapConfigurationPropertySource();
        values.forEach((key, value) -> source.put("relay.delivery.cursor." + key, value));
        return new Binder(source).bindOrCreate("relay.delivery.cursor", SigningSettings.class);
    }

    @Test
    void load_withoutAKey_saysHowToMakeOne_andTextsHideTheKeys() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SigningSettings(List.of(), null).load())
                .withMessageContaining("relay.delivery.cursor.key-file (RELAY_DELIVERY_CURSOR_KEY_FILE)")
                .withMessageContaining("openssl");
        assertThat(new SigningSettings(List.of(FIRST), null).toString()).doesNotContain(FIRST);
    }

    private static String key(int seed) {
        var bytes = new byte[32];
        bytes[0] = (byte) seed;
        return Base64.getEncoder().encodeToString(bytes);
    }
}
