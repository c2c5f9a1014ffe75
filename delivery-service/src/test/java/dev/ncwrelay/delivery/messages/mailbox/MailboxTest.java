package dev.ncwrelay.delivery.messages.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.delivery.messages.ack.AckPosition;
import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.EventMetadata;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Edge cases of removal. */
class MailboxTest {

    private static final long START = 1_700_000_000_000L;
    private static final long LATER = START + Duration.ofDays(2).toMillis();
    private static final MailboxBounds BOUNDS = new MailboxBounds(
            Duration.ofDays(7), Duration.ofHours(24), Duration.ofHours(24), 10, 100, Duration.ofDays(90));

    private final JournaledStore store = new JournaledStore();
    private final Mailbox mailbox = new Mailbox(store, BOUNDS);

    @Test
    void cleanup_deletesNothing_whenNothingIsRemoved() {
        take(0, 10);
        due(CleanupTask.DELETE_REMOVED, 0);

        mailbox.runCleanups(LATER, 10);

        assertThat(offsets()).containsExactly(0L);
    }

    @Test
    void chore_toRelease_doneTwice_letsGoOfNoMore() {
        take(0, 10);
        take(1, 10);
        mailbox.acknowledge("device", "", AckPosition.upTo(0, 0), 7, START);
        mailbox.runCleanups(LATER, 10);
        due(CleanupTask.REMOVE_ACKNOWLEDGED, 0);

        mailbox.runCleanups(LATER, 10);

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

    /**
     * At a device's maximum number of events, an individual acknowledgement reads one page of metadata, and looking up
     * ids decodes nothing.
     */
    @Test
    void metadataAndOffsets_ofAFullMailbox_readAPageAtATime() {
        var full = new JournaledStore();
        var bounds = new MailboxBounds(
                Duration.ofDays(7),
                Duration.ofHours(24),
                Duration.ofHours(24),
                10_000,
                64L * 1024 * 1024,
                Duration.ofDays(90));
        var filled = new Mailbox(full, bounds);
        for (long offset = 0; offset < 10_000; offset++) {
            filled.add("device", "event-" + offset, new StoredEvent(offset, START, ByteBuffer.allocate(6_500)), START);
        }
        var decoded = new AtomicInteger();
        var reader = new MailboxReader(full, (device, stored) -> {
            decoded.incrementAndGet();
            return Optional.of(new Event(
                    "event-" + stored.offset(),
                    "type",
                    device,
                    null,
                    null,
                    Instant.EPOCH,
                    Instant.EPOCH,
                    stored.record(),
                    stored.offset()));
        });

        assertThat(reader.read(new MailboxQuery.Offsets("device", Set.of("event-1", "event-9999", "event-x"))))
                .isEqualTo(new StoredPage.Offsets(Map.of("event-1", 1L, "event-9999", 9_999L), 9_999));
        assertThat(decoded).hasValue(0);
        var page = (StoredPage.Metadata) reader.read(new MailboxQuery.Metadata("device", 4_999));
        assertThat(page.messages()).hasSize(200).first().isEqualTo(new EventMetadata(5_000, "type", null, null));
        assertThat(page.upTo()).isEqualTo(5_199);
        assertThat(page.more()).isTrue();
        assertThat(decoded.get()).isLessThanOrEqualTo(201);
    }

    /** Ids are kept as long as their events, or one could not be acknowledged by its id after a day. */
    @Test
    void id_isKeptAsLongAsItsEvent() {
        take(0, 10);
        take(1, 10);
        mailbox.acknowledge("device", "", AckPosition.upTo(0, 0), 7, START);
        for (int hours = 25; hours < 100; hours++) {
            mailbox.runCleanups(START + Duration.ofHours(hours).toMillis(), 100);
        }

        assertThat(new MailboxReader(store, (_, _) -> Optional.empty())
                        .read(new MailboxQuery.Offsets("device", Set.of("event-0", "event-1"))))
                .isEqualTo(new StoredPage.Offsets(Map.of("event-1", 1L), 1));
        assertThat(store.get(StoreKeys.id("device", "event-0"))).isNull();
    }

    private void take(long offset, int size) {
        var event = new StoredEvent(offset, START, ByteBuffer.allocate(size));
        mailbox.add("device", "event-" + offset, event, START);
    }

    private void due(CleanupTask chore, long upTo) {
        store.put(
                StoreKeys.due(START, chore, "device"),
                RemainingCleanup.all(upTo).write());
    }

    private List<Long> offsets() {
        var page = new MailboxReader(store, (_, _) -> Optional.empty())
                .read(new MailboxQuery.Events("device", new StartPosition.Earliest()));
        return ((StoredPage.Events) page)
                .events().stream().map(StoredEvent::offset).toList();
    }
}
