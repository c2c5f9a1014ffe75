package dev.ncwrelay.ingress.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PendingWalletsTest {

    private final PendingWallets pending = new PendingWallets(4);

    @Test
    void remove_removesDeliveredEvents() {
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
    void forget_removesARevokedPartition() {
        pending.add(1, "w1", 10);
        pending.add(2, "w2", 10);

        pending.forget(1);

        assertThat(pending.of(1, "w1")).isEmpty();
        assertThat(pending.of(2, "w2")).containsExactly(10L);
    }

    @Test
    void add_aboveTheMaximum_makesThePartitionIncompleteUntilItIsReloaded() {
        for (long offset = 0; offset < 6; offset++) {
            pending.add((int) offset % 2, "w" + offset % 2, offset);
        }
        assertThat(pending.size()).isEqualTo(4);
        assertThat(pending.isIncomplete(0)).isTrue();
        assertThat(pending.isIncomplete(1)).isTrue();
        assertThat(pending.partitionsToReload()).isEmpty();

        pending.removeBefore(0, 3);
        pending.remove(1, "w1", 1);

        assertThat(pending.size()).isEqualTo(1);
        assertThat(pending.partitionsToReload()).containsExactlyInAnyOrder(0, 1);
        pending.forget(0);
        assertThat(pending.isIncomplete(0)).isFalse();
    }

    @Test
    void removeBefore_removesExpiredEvents() {
        pending.add(1, "w1", 10);
        pending.add(1, "w1", 11);
        pending.add(1, "w2", 9);

        pending.removeBefore(1, 11);

        assertThat(pending.of(1, "w1")).containsExactly(11L);
        assertThat(pending.wallets(1)).containsExactly("w1");
        assertThat(pending.size()).isEqualTo(1);
    }
}
