package dev.ncwrelay.delivery.messages.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.delivery.messages.ack.AckPosition;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Cleanups in slices keep up with the load. */
class CleanupScheduleTest {

    private static final long START = 1_700_000_000_000L;
    private static final int DEVICES = 100_000 / 12;
    private static final long BUCKET = CleanupSchedule.BUCKET;

    /** Every kind of task becomes due within the simulated time. */
    private static final MailboxBounds BOUNDS = new MailboxBounds(
            Duration.ofMinutes(60),
            Duration.ofMinutes(20),
            Duration.ofMinutes(20),
            10_000,
            Long.MAX_VALUE,
            Duration.ofMinutes(30));

    @Test
    void chores_ofAHundredThousandActiveDevicesOnTwelvePartitions_areDoneInTime() {
        var store = new JournaledStore();
        var mailbox = new Mailbox(store, BOUNDS);
        long slices = Duration.ofMillis(BUCKET).dividedBy(MailboxProcessor.CLEANUP_INTERVAL);
        long offset = 0;
        long mostEntries = 0;
        for (int bucket = 0; bucket < 16; bucket++) {
            long now = START + bucket * BUCKET;
            for (int device = 0; device < DEVICES; device++) {
                var id = "device-" + device;
                var event = new StoredEvent(offset, now, ByteBuffer.allocate(8));
                mailbox.add(id, "event-" + offset, event, now);
                mailbox.update(id, "tx-" + bucket, new StoredTransaction(now, true, now, event), -1);
                // One in ten never acknowledges.
                if (device % 10 != 0) {
                    mailbox.acknowledge(id, "", AckPosition.upTo(0, offset), offset, now);
                }
                offset++;
            }
            long used = 0;
            while (!mailbox.runCleanups(now, MailboxProcessor.CLEANUP_STEPS)) {
                used++;
            }
            assertThat(used).as("slices of the %d in ten minutes", slices).isLessThan(slices / 2);
            mostEntries = Math.max(mostEntries, bucket < 10 ? store.approximateNumEntries() : mostEntries);
        }

        assertThat(store.approximateNumEntries())
                .as("entries kept")
                .isLessThanOrEqualTo(mostEntries + mostEntries / 20);
    }

    /** A device with very many entries to remove does not make a slice longer. */
    @Test
    void slice_looksAtNoMoreThanItMay_whateverADeviceHas() {
        var store = new JournaledStore();
        var mailbox = new Mailbox(store, BOUNDS);
        for (long offset = 0; offset < 3_000; offset++) {
            mailbox.add("device", "event-" + offset, new StoredEvent(offset, START, ByteBuffer.allocate(8)), START);
        }
        long later = START + Duration.ofDays(1).toMillis();
        for (int round = 0; round < 3; round++) {
            long now = later + round * 2L * BUCKET;
            int slices = 0;
            boolean isDone = false;
            while (!isDone) {
                int before = store.writes();
                isDone = mailbox.runCleanups(now, 100);
                assertThat(store.writes() - before).isLessThan(110);
                assertThat(slices++).isLessThan(100);
            }
        }

        assertThat(store.approximateNumEntries()).as("the header is left").isEqualTo(1);
    }
}
