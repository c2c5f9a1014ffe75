package dev.ncwrelay.rpc.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressCodecTest {

    /** Kafka's default of offset.metadata.max.bytes. */
    private static final int KAFKAS_LIMIT = 4_096;

    @Test
    void text_ofAnUnreadPartitionIsShort() {
        assertThat(ProgressCodec.write(PartitionProgress.at(7))).isEqualTo("1");
        assertThat(ProgressCodec.read(7, "1")).contains(PartitionProgress.at(7));
    }

    /** Part of the format: other versions of the service read it. */
    @Test
    void text_staysTheSameAcrossVersions() {
        var progress = new PartitionProgress(
                100,
                List.of(
                        new OffsetRange(100, 101, OffsetState.UNCERTAIN),
                        new OffsetRange(101, 140, OffsetState.FINISHED),
                        new OffsetRange(140, 141, OffsetState.OPEN),
                        new OffsetRange(141, 142, OffsetState.FINISHED),
                        new OffsetRange(142, 143, OffsetState.RUNNING)));

        assertThat(ProgressCodec.write(progress)).isEqualTo("1BZ4BBAYH");
        assertThat(ProgressCodec.read(100, "1BZ4BBAYH")).contains(progress);
    }

    @Property
    void text_isReadAsItWasWritten(@ForAll("progress") PartitionProgress progress) {
        var text = ProgressCodec.write(progress);

        assertThat(text.length()).isLessThanOrEqualTo(KAFKAS_LIMIT);
        assertThat(ProgressCodec.read(progress.position(), text)).contains(progress);
    }

    /** What does not fit becomes uncertain, never finished or open. */
    @Property(tries = 50)
    void text_thatDoesNotFitEndsWithAnUncertainRange(
            @ForAll @LongRange(min = 0, max = 1L << 50) long position,
            @ForAll @LongRange(min = 1, max = 1L << 20) long length) {
        // Given
        var builder = new PartitionProgress.Builder(position);
        for (int i = 1; i <= 5_000; i++) {
            builder.extendTo(position + i * length, i % 2 == 0 ? OffsetState.FINISHED : OffsetState.OPEN);
        }
        var progress = builder.build();

        // When
        var text = ProgressCodec.write(progress);
        var read = ProgressCodec.read(position, text).orElseThrow();

        // Then
        assertThat(text.length()).isLessThanOrEqualTo(KAFKAS_LIMIT);
        assertThat(read.end()).isEqualTo(progress.end());
        int kept = read.ranges().size() - 1;
        assertThat(kept).isPositive();
        assertThat(read.ranges().subList(0, kept)).isEqualTo(progress.ranges().subList(0, kept));
        assertThat(read.ranges().getLast().state()).isEqualTo(OffsetState.UNCERTAIN);
    }

    @Test
    void progress_isNearTheLimitWellBeforeItDoesNotFit() {
        var builder = new PartitionProgress.Builder(0);
        int runs = 0;
        while (!ProgressCodec.isNearLimit(builder.build())) {
            builder.extendTo(++runs, runs % 2 == 0 ? OffsetState.FINISHED : OffsetState.RUNNING);
        }

        assertThat(runs).isBetween(1_000, 2_000);
        assertThat(ProgressCodec.read(0, ProgressCodec.write(builder.build()))).contains(builder.build());
    }

    @Test
    void offsetSetByAnotherTool_hasOnlyAPosition() {
        assertThat(ProgressCodec.read(3, "")).contains(PartitionProgress.at(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2BZ4BBAY", "1*", "1hYWFhYWFhYWFhYWFhYWF", "metadata of another tool"})
    void text_ofAnotherFormatIsNoProgress(String text) {
        assertThat(ProgressCodec.read(100, text)).isEmpty();
    }

    @Provide
    Arbitrary<PartitionProgress> progress() {
        var runs = Combinators.combine(Arbitraries.longs().between(1, 1_000_000), Arbitraries.of(OffsetState.class))
                .as((length, fate) -> new OffsetRange(0, length, fate))
                .list()
                .ofMaxSize(300);
        return Combinators.combine(Arbitraries.longs().between(0, 1L << 55), runs)
                .as((position, lengths) -> {
                    var builder = new PartitionProgress.Builder(position);
                    long end = position;
                    for (var run : lengths) {
                        end += run.length();
                        builder.extendTo(end, run.state());
                    }
                    return builder.build();
                });
    }
}
