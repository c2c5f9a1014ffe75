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
    void partWithAZeroByte_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ChannelKey("a\0b", "fcm", ""));
    }
}
