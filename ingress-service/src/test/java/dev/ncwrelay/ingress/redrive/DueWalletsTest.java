package dev.ncwrelay.ingress.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class DueWalletsTest {

    private final DueWallets due = new DueWallets(2);

    @Test
    void take_returnsEachWalletOnce() {
        due.add("w1");
        due.add("w1");
        due.add("w2");

        assertThat(due.take()).hasValue(Set.of("w1", "w2"));
        assertThat(due.take()).hasValue(Set.of());
    }

    @Test
    void take_aboveTheMaximum_returnsAll() {
        due.add("w1");
        due.add("w2");
        due.add("w3");
        due.add("w4");

        assertThat(due.take()).isEmpty();
        assertThat(due.take()).hasValue(Set.of());
    }
}
