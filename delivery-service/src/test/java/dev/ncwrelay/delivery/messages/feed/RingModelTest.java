package dev.ncwrelay.delivery.messages.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A ring against the plain list of everything that was ever appended. */
class RingModelTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final List<String> DEVICES = List.of("a", "b", "c", "d");
    private static final int REMEMBERED = 1_000;

    @Property(tries = 200)
    void read_isCompleteAndInOrder_orTooOld(@ForAll long seed) {
        var random = new Random(seed);
        var ring = ring(REMEMBERED, 1 + random.nextInt(20));
        var model = new ArrayList<Event>();
        var known = new HashSet<String>();
        long first = random.nextBoolean() ? 0 : 1_000;
        ring.reset(first, START);
        long offset = first;
        for (int step = 0; step < 150; step++) {
            var event = event(DEVICES.get(random.nextInt(DEVICES.size())), "event-" + random.nextInt(300), offset++);
            boolean isNew = known.add(event.deviceId() + event.eventId());
            assertThat(ring.append(event, START.plusMillis(step), START.plusMillis(step)))
                    .isEqualTo(isNew);
            if (isNew) {
                model.add(event);
            }
            if (random.nextInt(5) == 0) {
                ring.skip(offset++);
            }
            check(ring, model, random, first, offset, true);
        }
    }

    @Property(tries = 50)
    void read_stillHasNoGap_whenOnlyFewDevicesAreTracked(@ForAll long seed) {
        var random = new Random(seed);
        var ring = ring(2, 3);
        var model = new ArrayList<Event>();
        ring.reset(0, Instant.MIN);
        for (long offset = 0; offset < 100; offset++) {
            var event = event(DEVICES.get(random.nextInt(DEVICES.size())), "event-" + offset, offset);
            ring.append(event, START, START);
            model.add(event);
            check(ring, model, random, 0, offset + 1, false);
        }
    }

    private static void check(Ring ring, List<Event> model, Random random, long first, long next, boolean exact) {
        var device = DEVICES.get(random.nextInt(DEVICES.size()));
        var limit = new ReadLimit(1 + random.nextInt(4), Long.MAX_VALUE, _ -> true);
        long seenUpTo = first - 1 + random.nextInt((int) (next - first) + 5);
        long at = seenUpTo;
        var pages = new ArrayList<Event>();
        while (true) {
            if (!(ring.read(device, at, limit) instanceof FeedRead.Found(var page))) {
                assertThat(at).as("only a first page can be too old").isEqualTo(seenUpTo);
                assertThat(seenUpTo + 1).isLessThan(ring.state().start());
                if (exact) {
                    assertThat(lost(ring, model, device, seenUpTo)).isTrue();
                }
                return;
            }
            assertThat(page.upTo()).isGreaterThanOrEqualTo(at);
            pages.addAll(page.events());
            at = page.upTo();
            if (!page.more()) {
                break;
            }
        }
        assertThat(pages)
                .containsExactlyElementsOf(model.stream()
                        .filter(event -> event.deviceId().equals(device) && event.offset() > seenUpTo)
                        .toList());
        assertThat(at).isEqualTo(Math.max(seenUpTo, next - 1));
    }

    /** Whether an event of this device after this offset has been evicted. */
    private static boolean lost(Ring ring, List<Event> model, String device, long seenUpTo) {
        return model.stream()
                .anyMatch(event -> event.deviceId().equals(device)
                        && event.offset() > seenUpTo
                        && event.offset() < ring.state().start());
    }

    private static Ring ring(int remembered, int eventsHeld) {
        long bytes = (long) eventsHeld * event("a", "event-100", 0).sizeInBytes();
        return new Ring(new RingBounds(Duration.ofMinutes(2), bytes, remembered, Duration.ofHours(24)));
    }

    private static Event event(String device, String id, long offset) {
        return new Event(
                id,
                "type",
                device,
                null,
                null,
                START.plusSeconds(10),
                START,
                ByteBuffer.wrap(new byte[] {'{', '}'}),
                offset);
    }
}
