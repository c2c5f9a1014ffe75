package dev.ncwrelay.channel.consume;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetsTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "topic:1:10", "topic:1:10,topic:2:12"})
    void note_isThereForTheInstanceThatContinues(String note) {
        var offsets = new Offsets(10, 30, note);

        assertThat(Offsets.of(offsets.toCommit())).isEqualTo(offsets);
    }

    @Test
    void noteThatIsTooLong_isLeftOut_soThatEverythingIsReadAgain() {
        var offsets = new Offsets(10, 30, "x".repeat(4_000));

        assertThat(Offsets.of(offsets.toCommit())).isEqualTo(new Offsets(10, 10));
    }

    @Test
    void metadataOfAnotherForm_isIgnored() {
        assertThat(Offsets.of(new OffsetAndMetadata(10, "of a tool"))).isEqualTo(new Offsets(10, 10));
    }
}
