package dev.ncwrelay.delivery.messages.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.TransactionUpdate;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** In whatever order, and how often, the states of transactions arrive: the latest is kept. */
class TransactionMergeTest {

    private static final String DEVICE = "device";
    private static final List<String> STATUSES =
            List.of("SUBMITTED", "PENDING_SIGNATURE", "COMPLETED", "FAILED", "NEW");
    private static final MailboxBounds BOUNDS = new MailboxBounds(
            Duration.ofDays(7), Duration.ofHours(24), Duration.ofHours(24), 12, 300, Duration.ofDays(90));

    @Property(tries = 500)
    void mailbox_keepsTheLatestState_whateverTheOrderAndTheRepeats(@ForAll long seed) {
        var random = new Random(seed);
        var updates = updates(random, 1 + random.nextInt(30));
        var expected = updates.stream()
                .filter(update -> updates.stream()
                        .noneMatch(other -> other.id().equals(update.id()) && other.isLaterThan(update)))
                .map(update -> update.event().offset())
                .toList();
        var repeated = new ArrayList<>(updates);
        updates.stream().filter(_ -> random.nextBoolean()).forEach(repeated::add);
        Collections.shuffle(repeated, random);
        var store = new JournaledStore();

        repeated.forEach(update -> new Mailbox(store, BOUNDS).update(DEVICE, update.id(), stored(update), -1));

        var kept = (StoredPage.Events)
                new MailboxReader(store, (_, _) -> Optional.empty()).read(new MailboxQuery.Transactions(DEVICE, 0));
        assertThat(kept.events()).extracting(StoredEvent::offset).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** Ring and mailbox must not disagree: what is stored compares as what was read from the event. */
    @Property(tries = 2_000)
    void storedUpdates_compareAsTheUpdatesThemselves(@ForAll long seed) {
        var updates = updates(new Random(seed), 2);
        var one = updates.getFirst();
        var other = updates.getLast();

        var storedOne = StoredTransaction.parse(stored(one).write());

        assertThat(storedOne).isEqualTo(stored(one));
        assertThat(storedOne.isLaterThan(stored(other))).isEqualTo(one.isLaterThan(other));
        assertThat(stored(other).isLaterThan(storedOne)).isEqualTo(!one.isLaterThan(other));
    }

    private static List<TransactionUpdate> updates(Random random, int count) {
        var updates = new ArrayList<TransactionUpdate>();
        for (long offset = 0; offset < count; offset++) {
            var data = "{\"id\":\"tx-" + random.nextInt(3) + "\",\"status\":\""
                    + STATUSES.get(random.nextInt(STATUSES.size())) + "\",\"lastUpdated\":"
                    + (1_700_000_000_000L + random.nextInt(3)) + "}";
            updates.add(
                    TransactionUpdate.of(event(offset, random.nextInt(3), data)).orElseThrow());
        }
        return updates;
    }

    private static StoredTransaction stored(TransactionUpdate update) {
        long offset = update.event().offset();
        return StoredTransaction.of(update, new StoredEvent(offset, 1_700_000_000_000L, ByteBuffer.allocate(5)));
    }

    private static Event event(long offset, int second, String data) {
        var createdAt = Instant.ofEpochSecond(1_700_000_000L + second);
        return new Event(
                "event-" + offset,
                "transaction.status.updated",
                DEVICE,
                "wallet-1",
                null,
                createdAt,
                createdAt,
                ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8)),
                offset);
    }
}
