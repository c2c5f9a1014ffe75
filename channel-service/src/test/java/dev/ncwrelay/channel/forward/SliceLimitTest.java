package dev.ncwrelay.channel.forward;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SliceLimitTest {

    private final SliceLimit limit = new SliceLimit(2, 100);

    @Test
    void slices_areLimited() {
        limit.begin(1);
        assertThat(limit.isFree()).isTrue();
        limit.begin(1);
        assertThat(limit.isFree()).isFalse();

        limit.end(1);

        assertThat(limit.isFree()).isTrue();
    }

    @Test
    void sliceOfLargeEvents_isTheLastOne() {
        limit.begin(5_000);
        assertThat(limit.isFree()).isFalse();

        limit.end(5_000);

        assertThat(limit.isFree()).isTrue();
    }
}
