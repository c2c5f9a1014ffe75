package dev.ncwrelay.delivery.messages.ack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AckPositionTest {

    private static final long MOST = 30;

    @Property
    void merge_inAnyOrderAndAnyNumberOfTimes_isTheSame(
            @ForAll("positions") AckPosition one,
            @ForAll("positions") AckPosition two,
            @ForAll("positions") AckPosition three) {
        assertThat(one.merge(two)).isEqualTo(two.merge(one));
        assertThat(one.merge(two).merge(three)).isEqualTo(one.merge(two.merge(three)));
        assertThat(one.merge(one)).isEqualTo(one);
        assertThat(one.merge(two).merge(two)).isEqualTo(one.merge(two));
    }

    @Property
    void merge_coversWhatEitherCoveredInTheLaterEpoch(
            @ForAll("positions") AckPosition one, @ForAll("positions") AckPosition two) {
        var both = one.merge(two);

        for (long offset = 0; offset <= MOST; offset++) {
            assertThat(both.covers(offset))
                    .isEqualTo(one.forEpoch(both.epoch()).covers(offset)
                            || two.forEpoch(both.epoch()).covers(offset));
        }
    }

    @Test
    void singles_belowThePositionAreNotKept() {
        assertThat(new AckPosition(0, 5, new TreeSet<>(List.of(3L, 5L, 6L))).individual())
                .containsExactly(6L);
    }

    @Provide
    Arbitrary<AckPosition> positions() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 1),
                        Arbitraries.longs().between(-1, MOST),
                        Arbitraries.longs().between(0, MOST).set().ofMaxSize(6))
                .as((epoch, upTo, singles) -> new AckPosition(epoch, upTo, new TreeSet<>(singles)));
    }
}
