package dev.ncwrelay.delivery.messages.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a ring still covers after it has evicted events. */
class RingEvictionTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final ReadLimit ALL = new ReadLimit(100, Long.MAX_VALUE, _ -> true);
    private static final long EVENTS_HELD = 10L;

    private final Ring ring = new Ring(new RingBounds(
            Duration.ofMinutes(2), EVENTS_HELD * event("x", 0).sizeInBytes(), 1_000, Duration.ofHours(24)));

    @Test
    void read_ofQuietDevice_staysCoveredWhenOnlyOthersEventsWereEvicted() {
        ring.reset(0, Instant.MIN);
        LongStream.range(0, 100).forEach(offset -> append("busy", offset, START));

        assertThat(ring.read("quiet", 0, ALL)).isEqualTo(new FeedRead.Found(new Page(java.util.List.of(), 99, false)));
    }

    @Test
    void read_ofDeviceWhoseEventWasEvicted_isTooOld() {
        ring.reset(0, Instant.MIN);
        append("quiet", 0, START);
        append("quiet", 1, START);
        LongStream.range(2, 100).forEach(offset -> append("busy", offset, START));

        assertThat(ring.read("quiet", 0, ALL)).isEqualTo(new FeedRead.TooOld(1));
        assertThat(ring.read("quiet", 1, ALL)).isInstanceOf(FeedRead.Found.class);
    }

    @Test
    void read_beforeTheBeginning_isTooOldForEveryDevice() {
        ring.reset(50, START);

        assertThat(ring.read("quiet", 48, ALL)).isEqualTo(new FeedRead.TooOld(49));
        assertThat(ring.read("quiet", 49, ALL)).isInstanceOf(FeedRead.Found.class);
    }

    @Test
    void coveredSince_neverGoesBackWhenTimesAreOutOfOrder() {
        ring.reset(0, Instant.MIN);
        append("busy", 0, START.plusMillis(100));
        append("busy", 1, START.plusMillis(50));
        LongStream.range(2, 100).forEach(offset -> append("busy", offset, START.plusMillis(60)));

        assertThat(ring.state().coveredSince()).isAfter(START.plusMillis(100));
    }

    private void append(String device, long offset, Instant writtenAt) {
        assertThat(ring.append(event(device, offset), writtenAt, START.plusSeconds(1)))
                .isTrue();
    }

    private static Event event(String device, long offset) {
        return new Event(
                "event-" + offset,
                "type",
                device,
                null,
                null,
                START,
                START,
                ByteBuffer.wrap(new byte[] {'{', '}'}),
                offset);
    }
}
