package dev.ncwrelay.delivery.messages.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.delivery.messages.feed.StartPosition;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The progress of a store when it is opened. */
class MailboxProgressTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final long LIFE = 7;

    @Test
    void store_withoutAMark_hasLostWhatWasCommitted() {
        var opened = MailboxProgress.opened(Optional.empty(), new EventTopic.Known(0, 1_000, LIFE), NOW);

        assertThat(opened).isEqualTo(new MailboxProgress(999, 999, NOW, LIFE));
    }

    @Test
    void store_ofAnotherGenerationOfItsTopic_hasLostItsEvents() {
        var stored = new MailboxProgress(1_200, -1, Long.MIN_VALUE, LIFE - 1);

        var opened = MailboxProgress.opened(Optional.of(stored), new EventTopic.Known(0, 1_000, LIFE), NOW);

        assertThat(opened).isEqualTo(new MailboxProgress(1_200, 1_200, NOW, LIFE));
    }

    @Test
    void store_withItsMark_hasWhatWasCommitted() {
        var stored = new MailboxProgress(998, -1, Long.MIN_VALUE, LIFE);

        assertThat(MailboxProgress.opened(Optional.of(stored), new EventTopic.Known(0, 1_000, LIFE), NOW))
                .isEqualTo(new MailboxProgress(999, -1, Long.MIN_VALUE, LIFE));
    }

    @Test
    void store_thatIsNew_hasLostNothing_unlessTheLogBeginsLater() {
        assertThat(MailboxProgress.opened(Optional.empty(), new EventTopic.Known(0, 0, LIFE), NOW))
                .isEqualTo(new MailboxProgress(-1, -1, Long.MIN_VALUE, LIFE));
        assertThat(MailboxProgress.opened(Optional.empty(), new EventTopic.Known(50, 0, LIFE), NOW))
                .isEqualTo(new MailboxProgress(49, 49, NOW, LIFE));
    }

    @Test
    void reader_beforeLostEvents_getsGone() {
        var store = new JournaledStore();
        store.put(
                StoreKeys.PROGRESS,
                MailboxProgress.opened(Optional.empty(), new EventTopic.Known(0, 1_000, LIFE), NOW)
                        .write());
        var reader = new MailboxReader(store, (_, _) -> Optional.empty());

        assertThat(reader.read("device", new StartPosition.After(10))).isEqualTo(new StoredPage.Gone(false, 999));
        assertThat(reader.read("device", new StartPosition.SinceRegistration(Instant.ofEpochMilli(NOW - 1))))
                .isEqualTo(new StoredPage.Gone(false, 999));
        assertThat(reader.read("device", new StartPosition.After(999))).isInstanceOf(StoredPage.Events.class);
    }
}
