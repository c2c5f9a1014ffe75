package dev.ncwrelay.delivery.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.delivery.mailbox.Backlog.From;
import dev.ncwrelay.delivery.position.Position;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Edges of letting go. */
class MailboxTest {

    private static final long START = 1_700_000_000_000L;
    private static final long LATER = START + Duration.ofDays(2).toMillis();
    private static final MailboxBounds BOUNDS = new MailboxBounds(
            Duration.ofDays(7), Duration.ofHours(24), Duration.ofHours(24), 10, 100, Duration.ofDays(90));

    private final JournaledStore store = new JournaledStore();
    private final Mailbox mailbox = new Mailbox(store, BOUNDS);

    @Test
    void chore_toRemove_removesNothingWhenNothingIsGone() {
        take(0, 10);
        due(Chore.REMOVE, 0);

        mailbox.tidy(LATER, 10);

        assertThat(offsets()).containsExactly(0L);
    }

    @Test
    void chore_toRelease_doneTwice_letsGoOfNoMore() {
        take(0, 10);
        take(1, 10);
        mailbox.acknowledge("device", "", Position.upTo(0), 7, START);
        mailbox.tidy(LATER, 10);
        due(Chore.RELEASE, 0);

        mailbox.tidy(LATER, 10);

        assertThat(offsets()).containsExactly(1L);
    }

    @Test
    void event_largerThanTheBound_isKeptByItself() {
        take(0, 10);
        take(1, 500);

        assertThat(offsets()).containsExactly(1L);
        take(2, 500);
        assertThat(offsets()).containsExactly(2L);
    }

    private void take(long offset, int size) {
        var event = new StoredEvent(offset, START, ByteBuffer.allocate(size));
        mailbox.take("device", "event-" + offset, event, START);
    }

    private void due(Chore chore, long upTo) {
        store.put(
                Keys.due(START, chore, "device"),
                ByteBuffer.allocate(Long.BYTES).putLong(upTo).array());
    }

    private List<Long> offsets() {
        var page = new MailboxReader(store).read(new PeerQuery.Events("device", new From.Earliest()));
        return ((StoredPage.Found) page)
                .events().stream().map(StoredEvent::offset).toList();
    }
}
