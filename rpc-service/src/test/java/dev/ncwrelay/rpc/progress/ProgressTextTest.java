package dev.ncwrelay.rpc.progress;

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

class ProgressTextTest {

    /** Kafka's default of offset.metadata.max.bytes. */
    private static final int KAFKAS_LIMIT = 4_096;

    @Test
    void text_ofAnUntouchedPartitionIsShort() {
        assertThat(ProgressText.write(Progress.at(7))).isEqualTo("1");
        assertThat(ProgressText.read(7, "1")).contains(Progress.at(7));
    }

    /** Part of the format: other versions of the service read it. */
    @Test
    void text_staysTheSameAcrossVersions() {
        var progress = new Progress(
                100,
                List.of(
                        new Run(100, 101, Fate.UNCERTAIN),
                        new Run(101, 140, Fate.FINISHED),
                        new Run(140, 141, Fate.OPEN),
                        new Run(141, 142, Fate.FINISHED),
                        new Run(142, 143, Fate.RUNNING)));

        assertThat(ProgressText.write(progress)).isEqualTo("1BZ4BBAYH");
        assertThat(ProgressText.read(100, "1BZ4BBAYH")).contains(progress);
    }

    @Property
    void text_isReadAsItWasWritten(@ForAll("progress") Progress progress) {
        var text = ProgressText.write(progress);

        assertThat(text.length()).isLessThanOrEqualTo(KAFKAS_LIMIT);
        assertThat(ProgressText.read(progress.position(), text)).contains(progress);
    }

    /** Too much to tell: then it is told that something is not known, never that something is finished or untouched. */
    @Property(tries = 50)
    void text_thatDoesNotFitEndsInUncertainty(
            @ForAll @LongRange(min = 0, max = 1L << 50) long position,
            @ForAll @LongRange(min = 1, max = 1L << 20) long length) {
        // Given
        var builder = new Progress.Builder(position);
        for (int i = 1; i <= 5_000; i++) {
            builder.until(position + i * length, i % 2 == 0 ? Fate.FINISHED : Fate.OPEN);
        }
        var progress = builder.build();

        // When
        var text = ProgressText.write(progress);
        var read = ProgressText.read(position, text).orElseThrow();

        // Then
        assertThat(text.length()).isLessThanOrEqualTo(KAFKAS_LIMIT);
        assertThat(read.end()).isEqualTo(progress.end());
        int kept = read.runs().size() - 1;
        assertThat(kept).isPositive();
        assertThat(read.runs().subList(0, kept)).isEqualTo(progress.runs().subList(0, kept));
        assertThat(read.runs().getLast().fate()).isEqualTo(Fate.UNCERTAIN);
    }

    @Test
    void progress_isLongWellBeforeItDoesNotFit() {
        var builder = new Progress.Builder(0);
        int runs = 0;
        while (!ProgressText.isLong(builder.build())) {
            builder.until(++runs, runs % 2 == 0 ? Fate.FINISHED : Fate.RUNNING);
        }

        assertThat(runs).isBetween(1_000, 2_000);
        assertThat(ProgressText.read(0, ProgressText.write(builder.build()))).contains(builder.build());
    }

    @Test
    void offsetThatSomebodyElseMoved_leavesNothingKnown() {
        assertThat(ProgressText.read(3, "")).contains(Progress.at(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2BZ4BBAY", "1*", "1hYWFhYWFhYWFhYWFhYWF", "metadata of another tool"})
    void text_ofAnotherFormatIsNoProgress(String text) {
        assertThat(ProgressText.read(100, text)).isEmpty();
    }

    @Provide
    Arbitrary<Progress> progress() {
        var runs = Combinators.combine(Arbitraries.longs().between(1, 1_000_000), Arbitraries.of(Fate.class))
                .as((length, fate) -> new Run(0, length, fate))
                .list()
                .ofMaxSize(300);
        return Combinators.combine(Arbitraries.longs().between(0, 1L << 55), runs)
                .as((position, lengths) -> {
                    var builder = new Progress.Builder(position);
                    long end = position;
                    for (var run : lengths) {
                        end += run.length();
                        builder.until(end, run.fate());
                    }
                    return builder.build();
                });
    }
}
