package dev.ncwrelay.delivery.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.delivery.mailbox.Backlog.From;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a store may claim to have when it is opened. */
class ProgressTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final long LIFE = 7;

    @Test
    void store_withoutAMark_hasLostWhatWasCommitted() {
        var opened = Progress.opened(Optional.empty(), new EventLog.Known(0, 1_000, LIFE), NOW);

        assertThat(opened).isEqualTo(new Progress(999, 999, NOW, LIFE));
    }

    @Test
    void store_ofAnotherLifeOfItsTopic_hasLostWhatWasTaken() {
        var stored = new Progress(1_200, -1, Long.MIN_VALUE, LIFE - 1);

        var opened = Progress.opened(Optional.of(stored), new EventLog.Known(0, 1_000, LIFE), NOW);

        assertThat(opened).isEqualTo(new Progress(1_200, 1_200, NOW, LIFE));
    }

    @Test
    void store_withItsMark_hasWhatWasCommitted() {
        var stored = new Progress(998, -1, Long.MIN_VALUE, LIFE);

        assertThat(Progress.opened(Optional.of(stored), new EventLog.Known(0, 1_000, LIFE), NOW))
                .isEqualTo(new Progress(999, -1, Long.MIN_VALUE, LIFE));
    }

    @Test
    void store_thatIsNew_hasLostNothing_unlessTheLogBeginsLater() {
        assertThat(Progress.opened(Optional.empty(), new EventLog.Known(0, 0, LIFE), NOW))
                .isEqualTo(new Progress(-1, -1, Long.MIN_VALUE, LIFE));
        assertThat(Progress.opened(Optional.empty(), new EventLog.Known(50, 0, LIFE), NOW))
                .isEqualTo(new Progress(49, 49, NOW, LIFE));
    }

    @Test
    void mark_ofAnEarlierVersion_isRead() {
        var written = new Progress(5, 3, 4, LIFE).write();
        var earlier = Arrays.copyOf(written, 24);

        assertThat(Progress.parse(written)).isEqualTo(new Progress(5, 3, 4, LIFE));
        assertThat(Progress.opened(Optional.of(Progress.parse(earlier)), new EventLog.Known(0, 9, LIFE), NOW))
                .isEqualTo(new Progress(8, 3, 4, LIFE));
    }

    @Test
    void reader_beforeWhatWasLost_isTold() {
        var store = new JournaledStore();
        store.put(
                Keys.PROGRESS,
                Progress.opened(Optional.empty(), new EventLog.Known(0, 1_000, LIFE), NOW)
                        .write());
        var reader = new MailboxReader(store, (_, _) -> Optional.empty());

        assertThat(reader.read("device", new From.After(10))).isEqualTo(new StoredPage.Gone(false, 999));
        assertThat(reader.read("device", new From.Everything(Instant.ofEpochMilli(NOW - 1))))
                .isEqualTo(new StoredPage.Gone(false, 999));
        assertThat(reader.read("device", new From.After(999))).isInstanceOf(StoredPage.Found.class);
    }
}
