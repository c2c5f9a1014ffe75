package dev.ncwrelay.delivery.messages.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.delivery.messages.ack.AckPosition;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * A mailbox whose node dies after any single write, and which then reads any part of its topics again, twice, shows the
 * same as one that was never disturbed.
 */
class MailboxReplayTest {

    private static final List<String> DEVICES = List.of("a", "b", "ab");
    private static final List<String> CONSUMERS = List.of("", "phone", "tablet");
    private static final long START = 1_700_000_000_000L;
    private static final MailboxBounds BOUNDS = new MailboxBounds(
            Duration.ofDays(7), Duration.ofHours(24), Duration.ofHours(24), 12, 300, Duration.ofDays(3));

    /** One record, or one step of the clock. */
    private sealed interface Step {

        record Take(String deviceId, String eventId, StoredEvent event) implements Step {}

        record Acknowledge(String deviceId, String consumer, AckPosition position, long record, long at)
                implements Step {}

        record Forget(String deviceId, String consumer, long upTo, long at) implements Step {}

        record Update(String deviceId, String transaction, StoredTransaction update) implements Step {}

        record Tidy(long now) implements Step {}
    }

    @Property(tries = 1_000)
    void mailbox_isTheSameAfterCrashesAndReplays(@ForAll long seed) {
        var random = new Random(seed);
        var log = log(random, 120);
        var undisturbed = new JournaledStore();
        log.forEach(step -> apply(step, new Mailbox(undisturbed, BOUNDS)));

        var store = new JournaledStore();
        int at = 0;
        int committed = 0;
        int committedWrites = 0;
        int crashes = 0;
        while (at < log.size()) {
            apply(log.get(at), new Mailbox(store, BOUNDS));
            at++;
            if (random.nextInt(10) == 0) {
                committed = at;
                committedWrites = store.writes();
            }
            if (crashes < 12 && random.nextInt(6) == 0) {
                crashes++;
                // Any prefix of the writes since the commit has reached the brokers.
                store = store.after(committedWrites + random.nextInt(store.writes() - committedWrites + 1));
                at = committed;
                if (random.nextBoolean()) {
                    var again = new Mailbox(store, BOUNDS);
                    log.subList(random.nextInt(committed + 1), committed).forEach(step -> apply(step, again));
                }
            }
        }

        assertThat(visible(store)).containsExactlyEntriesOf(visible(undisturbed));
    }

    /** Cleanups in slices have the same result as all at once. */
    @Property(tries = 200)
    void cleanup_inSlices_hasTheSameResult(@ForAll long seed) {
        var random = new Random(seed);
        var takes = log(random, 40).stream()
                .filter(step -> !(step instanceof Step.Tidy))
                .toList();
        var whole = new JournaledStore();
        var sliced = new JournaledStore();
        takes.forEach(step -> apply(step, new Mailbox(whole, BOUNDS)));
        takes.forEach(step -> apply(step, new Mailbox(sliced, BOUNDS)));
        long now = START + Duration.ofDays(random.nextInt(20)).toMillis();

        assertThat(new Mailbox(whole, BOUNDS).runCleanups(now, Integer.MAX_VALUE))
                .isTrue();
        int slices = 0;
        while (!new Mailbox(sliced, BOUNDS).runCleanups(now, 3)) {
            assertThat(slices++).isLessThan(2_000);
        }

        assertThat(visible(sliced)).containsExactlyEntriesOf(visible(whole));
    }

    /** The specification when nothing expires: a device's events, each once, the newest that fit. */
    @Property(tries = 200)
    void mailbox_holdsWhatTheDeviceWasSent(@ForAll long seed) {
        var random = new Random(seed);
        var store = new JournaledStore();
        var mailbox = new Mailbox(store, BOUNDS);
        Map<String, TreeMap<Long, String>> sent = new TreeMap<>();
        for (long offset = 0; offset < 60; offset++) {
            var device = DEVICES.get(random.nextInt(DEVICES.size()));
            var id = "event-" + random.nextInt(40);
            mailbox.add(device, id, event(offset, START + offset, 10), START + offset);
            var events = sent.computeIfAbsent(device, _ -> new TreeMap<>());
            if (!events.containsValue(id)) {
                events.put(offset, id);
            }
        }

        for (var device : sent.keySet()) {
            var offsets = new ArrayList<>(sent.get(device).keySet());
            var newest = offsets.subList(Math.max(0, offsets.size() - BOUNDS.maxEvents()), offsets.size());
            assertThat(offsets(store, device)).isEqualTo(newest);
            var fromTheStart =
                    new MailboxReader(store, (_, _) -> Optional.empty()).read(device, new StartPosition.After(-1));
            if (offsets.size() > newest.size()) {
                assertThat(fromTheStart)
                        .isEqualTo(new StoredPage.Gone(true, offsets.get(offsets.size() - newest.size() - 1)));
            } else {
                assertThat(fromTheStart).isInstanceOf(StoredPage.Events.class);
            }
        }
    }

    @Property(tries = 1_000)
    void mailbox_isTheSameWhereverItsLogEnds(@ForAll long seed) {
        var log = log(new Random(seed), 12);
        var undisturbed = new JournaledStore();
        log.forEach(step -> apply(step, new Mailbox(undisturbed, BOUNDS)));

        for (int writes = 0; writes <= undisturbed.writes(); writes++) {
            var cut = undisturbed.after(writes);
            log.forEach(step -> apply(step, new Mailbox(cut, BOUNDS)));
            log.forEach(step -> apply(step, new Mailbox(cut, BOUNDS)));
            assertThat(visible(cut)).as("after %s writes", writes).containsExactlyEntriesOf(visible(undisturbed));
        }
    }

    /**
     * A consumer that is removed and used again: after a replay it may count for longer, because its later records are
     * there already. Then more is kept, never less, and the acknowledged positions are the same.
     */
    @Test
    void mailbox_keepsNoLess_whenConsumersAreRemovedAndTopicsAreReadAgain() {
        for (long seed = 0; seed < 1_000; seed++) {
            var random = new Random(seed);
            var log = withForgotten(log(random, 60), random);
            var undisturbed = new JournaledStore();
            log.forEach(step -> apply(step, new Mailbox(undisturbed, BOUNDS)));
            var store = new JournaledStore();
            int done = 1 + random.nextInt(log.size());
            log.subList(0, done).forEach(step -> apply(step, new Mailbox(store, BOUNDS)));
            var cut = store.after(random.nextInt(store.writes() + 1));

            log.forEach(step -> apply(step, new Mailbox(cut, BOUNDS)));

            for (var device : DEVICES) {
                var expected = DeviceAckState.parse(undisturbed.get(StoreKeys.acknowledged(device)));
                var actual = DeviceAckState.parse(cut.get(StoreKeys.acknowledged(device)));
                assertThat(actual.consumers()).as("seed %d", seed).isEqualTo(expected.consumers());
                assertThat(actual.ackedUpTo()).as("seed %d", seed).isLessThanOrEqualTo(expected.ackedUpTo());
                assertThat(offsets(cut, device)).as("seed %d", seed).containsAll(offsets(undisturbed, device));
            }
        }
    }

    /** With records that remove a consumer, each as of some records before. */
    private static List<Step> withForgotten(List<Step> log, Random random) {
        var steps = new ArrayList<Step>();
        for (var step : log) {
            steps.add(step);
            if (step instanceof Step.Acknowledge(var device, var consumer, var _, long record, long at)
                    && random.nextInt(3) == 0) {
                steps.add(new Step.Forget(
                        device, consumer, record - (random.nextBoolean() ? random.nextInt(10) : 0), at));
            }
        }
        return steps;
    }

    private static void apply(Step step, Mailbox mailbox) {
        switch (step) {
            case Step.Take(var device, var id, var event) -> mailbox.add(device, id, event, event.writtenAt());
            case Step.Acknowledge(var device, var consumer, var position, long record, long at) ->
                mailbox.acknowledge(device, consumer, position, record, at);
            case Step.Forget(var device, var consumer, long upTo, long at) ->
                mailbox.removeConsumer(device, consumer, upTo, at);
            case Step.Update(var device, var transaction, var update) ->
                mailbox.update(device, transaction, update, -1);
            case Step.Tidy(long now) -> mailbox.runCleanups(now, Integer.MAX_VALUE);
        }
    }

    private static List<Step> log(Random random, int length) {
        var steps = new ArrayList<Step>();
        long now = START;
        for (long offset = 0; offset < length; offset++) {
            // Hours at a time, so that ids, acknowledged and unacknowledged events expire within the records.
            now += Duration.ofMinutes(random.nextInt(300)).toMillis();
            var device = DEVICES.get(random.nextInt(DEVICES.size()));
            switch (random.nextInt(5)) {
                case 0 ->
                    steps.add(new Step.Acknowledge(
                            device,
                            CONSUMERS.get(random.nextInt(CONSUMERS.size())),
                            new AckPosition(0, random.nextLong(offset + 1), new TreeSet<>(List.of(offset))),
                            offset,
                            now));
                case 1 -> steps.add(new Step.Tidy(now));
                case 2 ->
                    steps.add(new Step.Update(
                            device,
                            "tx-" + random.nextInt(6),
                            new StoredTransaction(
                                    now - random.nextInt(100_000_000),
                                    random.nextBoolean(),
                                    now,
                                    event(offset, now, random.nextInt(60)))));
                default ->
                    steps.add(new Step.Take(
                            device, "event-" + random.nextInt(40), event(offset, now, 1 + random.nextInt(60))));
            }
        }
        steps.add(new Step.Tidy(now));
        return steps;
    }

    private static Map<String, Object> visible(JournaledStore store) {
        var all = new TreeMap<String, Object>();
        for (var device : DEVICES) {
            var header = MailboxHeader.parse(store.get(StoreKeys.header(device)));
            all.put(device + " header", header);
            all.put(device + " events", offsets(store, device));
            all.put(
                    device + " transactions",
                    ((StoredPage.Events) new MailboxReader(store, (_, _) -> Optional.empty())
                                    .read(new MailboxQuery.Transactions(device, 0)))
                            .events());
            all.put(device + " acknowledged", DeviceAckState.parse(store.get(StoreKeys.acknowledged(device))));
        }
        return all;
    }

    private static List<Long> offsets(JournaledStore store, String device) {
        var page = (StoredPage.Events)
                new MailboxReader(store, (_, _) -> Optional.empty()).read(device, new StartPosition.Earliest());
        return page.events().stream().map(StoredEvent::offset).toList();
    }

    private static StoredEvent event(long offset, long writtenAt, int size) {
        return new StoredEvent(offset, writtenAt, ByteBuffer.allocate(size));
    }
}
