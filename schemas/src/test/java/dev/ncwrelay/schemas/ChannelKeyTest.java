package dev.ncwrelay.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ChannelKeyTest {

    @Test
    void recordKey_hasItsPartsSeparatedByZeroBytes() {
        assertThat(new ChannelKey("device-1", "fcm", "phone").recordKey()).isEqualTo("device-1\0fcm\0phone");
    }

    @Test
    void recordKey_beginsWithItsDevice_andItsKind() {
        var key = new ChannelKey("device-1", "fcm", "phone").recordKey();

        assertThat(key).startsWith(ChannelKey.prefixOf("device-1")).startsWith(ChannelKey.prefixOf("device-1", "fcm"));
        assertThat(key)
                .doesNotStartWith(ChannelKey.prefixOf("device"))
                .doesNotStartWith(ChannelKey.prefixOf("device-1", "f"));
        assertThat(ChannelKey.deviceOf(key)).isEqualTo("device-1");
        assertThat(ChannelKey.deviceOf("no-key")).isEqualTo("no-key");
    }

    @Test
    void partWithAZeroByte_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ChannelKey("a\0b", "fcm", ""));
    }
}
