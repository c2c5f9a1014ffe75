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

    private final DeviceSequencer turns = new DeviceSequencer();

    @Test
    void turn_comesWhenTheOneBeforeHasEnded() {
        var first = turns.next("device-1");
        var second = turns.next("device-1");
        assertThat(first.hasCome()).isTrue();
        assertThat(second.hasCome()).isFalse();

        first.end();

        assertThat(second.hasCome()).isTrue();
    }

    @Test
    void turns_ofOtherDevicesAreNotWaitedFor() {
        turns.next("device-1");

        assertThat(turns.next("device-2").hasCome()).isTrue();
    }

    /** A record that cannot be read does not wait; those behind it still do. */
    @Test
    void turnThatEndsEarly_letsNobodyOvertake() {
        var first = turns.next("device-1");
        var second = turns.next("device-1");
        var third = turns.next("device-1");

        second.end();
        var fourth = turns.next("device-1");
        assertThat(third.hasCome()).isFalse();
        assertThat(fourth.hasCome()).isFalse();

        first.end();
        assertThat(third.hasCome()).isTrue();
        assertThat(fourth.hasCome()).isFalse();
    }

    @RepeatedTest(20)
    void turns_comeInTheirOrderHoweverThreadsAreScheduled() throws Exception {
        var order = Collections.synchronizedList(new ArrayList<Integer>());
        var random = new Random(7);
        var expected = new ArrayList<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                int number = i;
                boolean waits = random.nextInt(4) > 0;
                var turn = turns.next("device-1");
                if (waits) {
                    expected.add(number);
                }
                var _ = threads.submit(() -> take(turn, waits, number, order));
            }
        }

        assertThat(order).isEqualTo(expected);
        assertThat(turns.next("device-1").hasCome()).isTrue();
    }

    private static Void take(DeviceSequencer.Slot turn, boolean waits, int number, List<Integer> order)
            throws InterruptedException {
        if (waits) {
            turn.await();
            order.add(number);
        }
        turn.end();
        return null;
    }
}
