package dev.ncwrelay.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PlanTest {

    @Test
    void plan_spreadsTheLoadOverEnoughDevices() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan(19, 10, 50))
                .withMessage("--devices, for these rates, must be at least 20, not 19");
        assertThat(plan(20, 10, 50).devices()).isEqualTo(20);
    }

    @Test
    void plan_needsADifferenceOfPolls() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan(20, 50, 50))
                .withMessage("--many must be at least 51, not 50");
    }

    private static Plan plan(int devices, int few, int many) {
        return new Plan(1, 1, devices, 200, 100, 4, 90, few, many, 1);
    }
}
