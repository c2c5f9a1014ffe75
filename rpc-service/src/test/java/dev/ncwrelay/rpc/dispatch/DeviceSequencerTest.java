package dev.ncwrelay.rpc.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class DeviceSequencerTest {

    private final DeviceSequencer slots = new DeviceSequencer();

    @Test
    void slot_comesWhenThePreviousOneHasEnded() {
        var first = slots.next("device-1");
        var second = slots.next("device-1");
        assertThat(first.hasCome()).isTrue();
        assertThat(second.hasCome()).isFalse();

        first.end();

        assertThat(second.hasCome()).isTrue();
    }

    @Test
    void slots_ofOtherDevicesAreIndependent() {
        slots.next("device-1");

        assertThat(slots.next("device-2").hasCome()).isTrue();
    }

    /** An unreadable record does not wait; the records after it still do. */
    @Test
    void slotEndedEarly_keepsTheOrder() {
        var first = slots.next("device-1");
        var second = slots.next("device-1");
        var third = slots.next("device-1");

        second.end();
        var fourth = slots.next("device-1");
        assertThat(third.hasCome()).isFalse();
        assertThat(fourth.hasCome()).isFalse();

        first.end();
        assertThat(third.hasCome()).isTrue();
        assertThat(fourth.hasCome()).isFalse();
    }

    @RepeatedTest(20)
    void slots_comeInOrderForAnyThreadSchedule() throws Exception {
        var order = Collections.synchronizedList(new ArrayList<Integer>());
        var random = new Random(7);
        var expected = new ArrayList<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                int number = i;
                boolean waits = random.nextInt(4) > 0;
                var slot = slots.next("device-1");
                if (waits) {
                    expected.add(number);
                }
                var _ = threads.submit(() -> take(slot, waits, number, order));
            }
        }

        assertThat(order).isEqualTo(expected);
        assertThat(slots.next("device-1").hasCome()).isTrue();
    }

    private static Void take(DeviceSequencer.Slot slot, boolean waits, int number, List<Integer> order)
            throws InterruptedException {
        if (waits) {
            slot.await();
            order.add(number);
        }
        slot.end();
        return null;
    }
}
