package dev.ncwrelay.cursor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;

class CursorCodecTest {

    private static final SigningKey OLD = key(1);
    private static final SigningKey NEW = key(2);
    private static final long EPOCH = 1L << 60;
    private static final CursorCheck FOREIGN = new CursorCheck.Invalid();

    /** The alphabet of tokens, its padding, and what belongs to other alphabets. */
    private static final List<String> REPLACEMENTS =
            List.of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_= +/\u00fc".split(""));

    private final CursorCodec codec = new CursorCodec(List.of(OLD));

    @Property(tries = 300)
    void decode_givesBackWhatWasEncoded_toItsDeviceOnly(
            @ForAll @NotBlank String device,
            @ForAll int generation,
            @ForAll @LongRange(max = 3) long epoch,
            @ForAll @IntRange(max = 1_000) int partition,
            @ForAll @LongRange(min = -1) long offset) {
        var cursor = new Cursor(generation, epoch, partition, offset);

        var token = codec.encode(device, cursor);

        assertThat(codec.decode(device, token)).isEqualTo(new CursorCheck.Valid(cursor));
        assertThat(codec.decode(device + "x", token)).isEqualTo(FOREIGN);
    }

    @Property(tries = 300)
    void decode_ofAnythingElse_isForeign(@ForAll @AlphaChars String garbage) {
        assertThat(codec.decode("device", garbage)).isEqualTo(FOREIGN);
    }

    @Test
    void decode_withAnyCharacterChangedOrMissing_isForeign() {
        var token = codec.encode("device", new Cursor(7, EPOCH, 3, 42));

        for (int at = 0; at < token.length(); at++) {
            for (var other : REPLACEMENTS) {
                var changed = token.substring(0, at) + other + token.substring(at + 1);
                if (!changed.equals(token)) {
                    assertThat(codec.decode("device", changed)).as(changed).isEqualTo(FOREIGN);
                }
            }
            assertThat(codec.decode("device", token.substring(0, at))).isEqualTo(FOREIGN);
        }
        assertThat(codec.decode("device", token + "=")).isEqualTo(FOREIGN);
        assertThat(codec.decode("device", token + "A")).isEqualTo(FOREIGN);
    }

    /** Made by another program: version, generation, (epoch,) partition, offset, then the HMAC's first 16 bytes. */
    @Test
    void cursors_madeElsewhere_areReadAndWrittenTheSame() {
        var first = new Cursor(7, 0, 3, 42);
        var second = new Cursor(7, EPOCH, 3, 42);
        var version1 = "AQAAAAcAAAADAAAAAAAAACplnkcyuNgbLCzi4txryS31";
        var version2 = "AgAAAAcQAAAAAAAAAAAAAAMAAAAAAAAAKiH_J7yPpgji9HEE7sH_2DM";

        assertThat(codec.encode("device", first)).isEqualTo(version1);
        assertThat(codec.encode("device", second)).isEqualTo(version2);
        assertThat(codec.decode("device", version1)).isEqualTo(new CursorCheck.Valid(first));
        assertThat(codec.decode("device", version2)).isEqualTo(new CursorCheck.Valid(second));
    }

    @Test
    void keys_rotateOneAtATime() {
        var cursor = new Cursor(7, EPOCH, 3, 42);
        var both = new CursorCodec(List.of(NEW, OLD));
        var afterwards = new CursorCodec(List.of(NEW));

        var before = codec.encode("device", cursor);
        var during = both.encode("device", cursor);

        assertThat(both.decode("device", before)).isEqualTo(new CursorCheck.Valid(cursor));
        assertThat(afterwards.decode("device", during)).isEqualTo(new CursorCheck.Valid(cursor));
        assertThat(afterwards.decode("device", before)).isEqualTo(FOREIGN);
    }

    @Test
    void key_isRefusedWhenItIsShortOrNoBase64_andNeverShown() {
        var text = Base64.getEncoder().encodeToString(new byte[32]);

        assertThat(SigningKey.parse(text)).hasToString("SigningKey[masked]");
        for (var bad : List.of("", "not base64!", Base64.getEncoder().encodeToString(new byte[31]))) {
            assertThatThrownBy(() -> SigningKey.parse(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("openssl rand -base64 32");
        }
    }

    private static SigningKey key(int seed) {
        var bytes = new byte[32];
        bytes[0] = (byte) seed;
        return SigningKey.parse(Base64.getEncoder().encodeToString(bytes));
    }
}
