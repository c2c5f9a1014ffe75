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
    void parse_readsARecordKey_alsoOneWithoutAName() {
        var key = new ChannelKey("device-1", "rabbitmq", "");

        assertThat(ChannelKey.parse(key.recordKey())).isEqualTo(key);
    }

    @Test
    void parse_ofAnotherForm_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> ChannelKey.parse("device-1"));
        assertThatIllegalArgumentException().isThrownBy(() -> new ChannelKey("a\0b", "fcm", ""));
    }
}
