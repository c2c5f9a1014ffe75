package dev.ncwrelay.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FixturesTest {

    @Test
    void named_knowsTheValuesOfTheProperty() {
        assertThat(Fixtures.named("embedded")).isEqualTo(Fixtures.EMBEDDED);
        assertThat(Fixtures.named("containers")).isEqualTo(Fixtures.CONTAINERS);
    }

    @Test
    void named_rejectsAnotherValue_andSaysWhatIsExpected() {
        assertThatThrownBy(() -> Fixtures.named("docker"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("-Dfixtures=docker: embedded or containers is expected");
    }
}
