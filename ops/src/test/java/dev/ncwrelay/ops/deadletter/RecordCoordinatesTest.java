package dev.ncwrelay.ops.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCoordinatesTest {

    @Property
    void parse_readsTheFormOfToString(
            @ForAll @AlphaChars @NumericChars @Chars({'.', '_', '-'}) @StringLength(min = 1, max = 249) String topic,
            @ForAll @IntRange(max = 999_999_999) int partition,
            @ForAll @LongRange(max = 999_999_999_999_999_999L) long offset) {
        var position = new RecordCoordinates(topic, partition, offset);

        assertThat(RecordCoordinates.parse(position.toString())).contains(position);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "topic", "topic@1", "topic@1:", "@1:2", "topic@-1:2", "topic@1:2:3", "to pic@1:2"})
    void parse_ofOtherText_isEmpty(String text) {
        assertThat(RecordCoordinates.parse(text)).isEmpty();
    }
}
