package dev.ncwrelay.testkit.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class SamplesTest {

    @Test
    void all_isEveryFileOfTheFolder() throws Exception {
        var names =
                Samples.all().stream().map(sample -> sample.name() + ".json").toList();

        assertThat(names).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(files("samples"));
    }

    @Test
    void index_hasOneRowForEachFile() throws Exception {
        var rows = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE)
                .matcher(Resource.text("INDEX.md"))
                .results()
                .map(row -> row.group(1))
                .toList();

        var files = new TreeSet<String>();
        files.addAll(files("samples"));
        files.addAll(files("keys"));
        files.addAll(files("jws-vector"));
        assertThat(rows).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(files);
    }

    @Test
    void webhooks_allNameTheirType() {
        assertThat(Samples.webhooks())
                .hasSize(21)
                .allSatisfy(sample -> assertThat(sample.eventType()).isNotEmpty());
    }

    @Test
    void eventType_ofOtherPayloads_fails() {
        var device = Samples.named("rest.device");

        assertThatThrownBy(device::eventType).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void bytes_areCompactAndEquivalent() {
        assertThat(Samples.all()).allSatisfy(sample -> {
            var text = new String(sample.bytes(), StandardCharsets.UTF_8);
            assertThat(CompactJson.read(text)).isEqualTo(sample.json());
            assertThat(text.replaceAll("\"(\\\\.|[^\"\\\\])*\"", "")).doesNotContainAnyWhitespaces();
        });
    }

    @Test
    void bytes_writeSmallNumbersAsJavaScriptDoes() {
        var text = new String(Samples.v1("NCW_TRANSACTION_STATUS_UPDATED").bytes(), StandardCharsets.UTF_8);

        assertThat(text).contains("\"amount\":0.00001,", "\"networkFee\":0.00000141,");
    }

    @Test
    void v2EventTypes_areThoseOfTheEnum() {
        assertThat(Samples.v2EventTypes()).hasSize(50).contains("embedded_wallet.device.added");
    }

    @Test
    void named_ofAnUnknownSample_namesTheIndex() {
        assertThatThrownBy(() -> Samples.v2("no.such")).hasMessageContaining("INDEX.md");
    }

    @Test
    void publishedKeys_haveTheirFingerprints() {
        assertThat(PublishedKey.values()).allSatisfy(key -> {
            var der = Base64.getMimeDecoder().decode(key.pem().replaceAll("-----[A-Z ]+-----", ""));
            assertThat(sha256(der)).isEqualTo(key.sha256());
        });
    }

    private static String sha256(byte[] content) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256").digest(content);
        return HexFormat.of().formatHex(digest);
    }

    private static Set<String> files(String folder) throws IOException, URISyntaxException {
        var url = Objects.requireNonNull(Samples.class.getResource("/fireblocks/" + folder));
        var names = new TreeSet<String>();
        try (var files = Files.list(Path.of(url.toURI()))) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        return names;
    }
}
