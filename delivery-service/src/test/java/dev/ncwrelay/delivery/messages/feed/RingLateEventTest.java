package dev.ncwrelay.delivery.messages.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A webhook that is repeated long after the first time: the ring cannot decide whether it is new, the mailbox can. */
class RingLateEventTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final ReadLimit ALL = new ReadLimit(100, Long.MAX_VALUE, _ -> true);

    private final Ring ring = new Ring(new RingBounds(Duration.ofMinutes(2), Long.MAX_VALUE, 3, Duration.ofHours(24)));

    @Test
    void read_isTooOld_forAnEventCreatedBeforeTheRing() {
        ring.reset(5, START);
        append(5, START.plusSeconds(1), START.plusSeconds(1));
        append(6, START.minusSeconds(1), START.plusSeconds(2));
        append(7, START.plusSeconds(2), START.plusSeconds(3));

        assertThat(ring.read("device", 4, ALL)).isEqualTo(slice(5, true, 5));
        assertThat(ring.read("device", 5, ALL)).isEqualTo(new FeedRead.TooOld(6));
        assertThat(ring.read("device", 6, ALL)).isEqualTo(slice(7, false, 7));
    }

    @Test
    void read_findsEveryEvent_whenTheRingBeganWithTheTopic() {
        ring.reset(0, Instant.MIN);
        append(0, START.minus(Duration.ofDays(300)), START);

        assertThat(ring.read("device", -1, ALL)).isEqualTo(slice(0, false, 0));
    }

    @Test
    void read_isTooOld_whenEventIdsWereEvicted() {
        ring.reset(0, Instant.MIN);
        for (long offset = 0; offset < 4; offset++) {
            append(offset, START.plusSeconds(offset), START.plusSeconds(offset));
        }
        append(4, START, START.plusSeconds(4));

        assertThat(ring.read("device", 3, ALL)).isEqualTo(new FeedRead.TooOld(4));
    }

    private void append(long offset, Instant createdAt, Instant now) {
        var event = event(offset, createdAt);
        assertThat(ring.append(event, now, now)).isTrue();
    }

    private static FeedRead slice(long offset, boolean more, long next) {
        return new FeedRead.Found(new Page(
                List.of(event(
                        offset, offset == 0 ? START.minus(Duration.ofDays(300)) : START.plusSeconds((offset - 3) / 2))),
                next,
                more));
    }

    private static Event event(long offset, Instant createdAt) {
        return new Event(
                "event-" + offset,
                "type",
                "device",
                null,
                null,
                createdAt,
                START,
                ByteBuffer.wrap(new byte[] {'0'}),
                offset);
    }
}
