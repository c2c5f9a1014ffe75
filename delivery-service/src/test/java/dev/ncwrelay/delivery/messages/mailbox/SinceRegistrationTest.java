package dev.ncwrelay.delivery.messages.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.FeedSettings;
import dev.ncwrelay.delivery.messages.feed.LatencyMetrics;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import dev.ncwrelay.delivery.messages.stream.StreamRead;
import dev.ncwrelay.delivery.messages.stream.StreamSource;
import dev.ncwrelay.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** A read since the registration returns the same events from the ring and from the mailbox. */
class SinceRegistrationTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final ReadLimit ALL = new ReadLimit(1_000, Long.MAX_VALUE, _ -> true);
    private static final MailboxBounds BOUNDS = new MailboxBounds(
            Duration.ofDays(7), Duration.ofHours(24), Duration.ofHours(24), 1_000, 1_000_000, Duration.ofDays(90));

    @Test
    void ringAndMailbox_returnTheSameEvents() {
        for (long seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            var clock = Clock.fixed(START.plus(Duration.ofMinutes(30)), ZoneOffset.UTC);
            var feed = new Feed(
                    new FeedSettings(Duration.ofHours(1), DataSize.ofMegabytes(1), 1_000, Duration.ofHours(24)),
                    1,
                    clock,
                    new LatencyMetrics(clock, new SimpleMeterRegistry()));
            feed.positioned(0, 0);
            var store = new JournaledStore();
            var mailbox = new Mailbox(store, BOUNDS);
            var at = START;
            for (long offset = 0; offset < 20; offset++) {
                at = at.plusSeconds(random.nextInt(90));
                feed.read(event(offset, at), record(offset, at));
                mailbox.add(
                        "device",
                        "event-" + offset,
                        new StoredEvent(offset, at.toEpochMilli(), ByteBuffer.allocate(1)),
                        at.toEpochMilli());
            }
            var sinceRegistration = new StartPosition.SinceRegistration(START.plusSeconds(random.nextInt(1_800)));

            var fromRing = (StreamRead.Found) new StreamSource(
                            feed,
                            (_, _, _) -> {
                                throw new AssertionError("the ring has all events");
                            },
                            id -> Optional.of(SimulatedCluster.device(id)))
                    .read(SimulatedCluster.device("device"), sinceRegistration, ALL);
            var fromMailbox = (StoredPage.Events)
                    new MailboxReader(store, (_, _) -> Optional.empty()).read("device", sinceRegistration);

            assertThat(fromMailbox.events().stream().map(StoredEvent::offset).toList())
                    .as("seed %d", seed)
                    .isEqualTo(
                            fromRing.page().events().stream().map(Event::offset).toList());
        }
    }

    private static DeviceEvent event(long offset, Instant at) {
        return DeviceEvent.newBuilder()
                .setEventId("event-" + offset)
                .setEventType("type")
                .setDeviceId("device")
                .setCreatedAt(at)
                .setReceivedAt(at)
                .setData(ByteBuffer.allocate(1))
                .build();
    }

    private static ConsumerRecord<String, byte[]> record(long offset, Instant at) {
        return new ConsumerRecord<>(
                Topics.DEVICE_EVENTS.name(),
                0,
                offset,
                at.toEpochMilli(),
                TimestampType.CREATE_TIME,
                0,
                0,
                "device",
                new byte[0],
                new RecordHeaders(),
                Optional.empty());
    }
}
