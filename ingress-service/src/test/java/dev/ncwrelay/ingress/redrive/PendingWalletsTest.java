package dev.ncwrelay.ingress.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PendingWalletsTest {

    private final PendingWallets pending = new PendingWallets();

    @Test
    void pending_hasEachEventUntilItIsDelivered() {
        pending.add(1, "w1", 10);
        pending.add(1, "w1", 12);
        pending.add(1, "w2", 11);

        pending.remove(1, "w1", 10);
        pending.remove(1, "w1", 11);
        pending.remove(2, "w1", 12);
        assertThat(pending.of(1, "w1")).containsExactly(12L);

        pending.remove(1, "w1", 12);
        assertThat(pending.of(1, "w1")).isEmpty();
        assertThat(pending.of(1, "w2")).containsExactly(11L);
    }

    @Test
    void pending_forgetsAPartitionThatIsAnotherNodesNow() {
        pending.add(1, "w1", 10);
        pending.add(2, "w2", 10);

        pending.forget(1);

        assertThat(pending.of(1, "w1")).isEmpty();
        assertThat(pending.of(2, "w2")).containsExactly(10L);
    }
}
