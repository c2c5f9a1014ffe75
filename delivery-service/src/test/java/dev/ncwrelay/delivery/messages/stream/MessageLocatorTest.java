package dev.ncwrelay.delivery.messages.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.delivery.messages.ack.AckPosition;
import dev.ncwrelay.delivery.messages.feed.EventMetadata;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.FeedSettings;
import dev.ncwrelay.delivery.messages.feed.LatencyMetrics;
import dev.ncwrelay.delivery.messages.mailbox.MessageIndex;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** Individual acknowledgements of messages that are partly in the ring, partly in the backlog. */
class MessageLocatorTest {

    private static final String DEVICE = "device";
    private static final String SERVED = "NCW_DEVICE_MESSAGE";

    /** All the device's messages; the ring has those from {@code held} on, the index all of them. */
    private static final class Device implements MessageIndex {

        private final TreeMap<Long, EventMetadata> messages = new TreeMap<>();
        private final Feed feed = new Feed(
                new FeedSettings(Duration.ofMinutes(2), DataSize.ofMegabytes(1), 100_000, Duration.ofHours(1)),
                1,
                Clock.systemUTC(),
                new LatencyMetrics(Clock.systemUTC(), new SimpleMeterRegistry()));
        private int most;

        private Device(Random random, int number) {
            long offset = 0;
            for (int one = 0; one < number; one++) {
                offset += 1 + random.nextInt(3);
                messages.put(
                        offset,
                        new EventMetadata(offset, random.nextInt(3) == 0 ? SERVED : "transaction.updated", null, null));
            }
            long held = random.nextLong(offset + 2);
            feed.positioned(0, held);
            messages.tailMap(held, true).values().forEach(this::read);
        }

        private void read(EventMetadata message) {
            var now = Instant.now();
            var event = DeviceEvent.newBuilder()
                    .setEventId("event-" + message.offset())
                    .setEventType(message.type())
                    .setDeviceId(DEVICE)
                    .setCreatedAt(now)
                    .setReceivedAt(now)
                    .setData(ByteBuffer.allocate(1))
                    .build();
            feed.read(
                    event,
                    new ConsumerRecord<>(
                            Topics.DEVICE_EVENTS.name(),
                            0,
                            message.offset(),
                            now.toEpochMilli(),
                            TimestampType.CREATE_TIME,
                            0,
                            0,
                            DEVICE,
                            new byte[0],
                            new RecordHeaders(),
                            Optional.empty()));
        }

        @Override
        public Offsets offsetsOf(String deviceId, Set<String> eventIds, long minOffset) {
            var offsets = new HashMap<String, Long>();
            messages.keySet().stream()
                    .filter(offset -> eventIds.contains("event-" + offset))
                    .forEach(offset -> offsets.put("event-" + offset, offset));
            return new Offsets.Known(offsets);
        }

        @Override
        public MetadataPage metadata(String deviceId, long after, long minOffset) {
            var page =
                    messages.tailMap(after, false).values().stream().limit(20).toList();
            most = Math.max(most, page.size());
            boolean more = !page.isEmpty() && page.getLast().offset() < messages.lastKey();
            return new MetadataPage.Known(page, more ? page.getLast().offset() : messages.lastKey(), more);
        }
    }

    @Test
    void compacted_equalsTheWholeStreamsPosition_whereverMessagesAre() {
        for (long seed = 0; seed < 2_000; seed++) {
            var random = new Random(seed);
            var device = new Device(random, 1 + random.nextInt(60));
            var locator = new MessageLocator(device.feed, device);
            var singles = new TreeSet<Long>();
            device.messages.keySet().stream()
                    .filter(_ -> random.nextInt(10) != 0)
                    .forEach(singles::add);
            var position = new AckPosition(0, random.nextLong(30) - 1, singles);

            var compacted = locator.compacted(
                    DEVICE, position, message -> message.type().equals(SERVED));

            long reached = position.upTo();
            for (var message : device.messages.tailMap(position.upTo(), false).values()) {
                if (message.type().equals(SERVED) && !position.covers(message.offset())) {
                    break;
                }
                reached = message.offset();
            }
            if (position.individual().isEmpty()) {
                reached = position.upTo();
            }
            // It may stop early when no individual acknowledgement is left to merge.
            if (compacted.individual().isEmpty()) {
                assertThat(compacted.upTo()).as("seed %d", seed).isLessThanOrEqualTo(reached);
            } else {
                assertThat(compacted.upTo()).as("seed %d", seed).isEqualTo(reached);
            }
            assertThat(device.most).isLessThanOrEqualTo(20);
        }
    }

    @Test
    void offsets_areFoundInRingAndBacklog() {
        for (long seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            var device = new Device(random, 1 + random.nextInt(60));
            var wanted = device.messages.keySet().stream()
                    .filter(_ -> random.nextBoolean())
                    .map(offset -> "event-" + offset)
                    .toList();

            var found = new MessageLocator(device.feed, device).offsets(registered(), wanted);

            assertThat(found.keySet()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(wanted);
            found.forEach((id, offset) -> assertThat(id).isEqualTo("event-" + offset));
        }
    }

    @Test
    void message_isAtItsOffset_andNowhereElse() {
        var device = new Device(new Random(1), 30);
        var locator = new MessageLocator(device.feed, device);

        for (long offset = 0; offset < 100; offset++) {
            var message = device.messages.get(offset);
            assertThat(locator.exists(DEVICE, offset, one -> one.type().equals(SERVED)))
                    .as("offset %d", offset)
                    .isEqualTo(message != null && message.type().equals(SERVED));
        }
    }

    @Test
    void unknown_isLeftOut() {
        var device = new Device(new Random(1), 30);

        assertThat(new MessageLocator(device.feed, device).offsets(registered(), List.of("no such event")))
                .isEqualTo(Map.of());
    }

    private static RegisteredDevice registered() {
        return new RegisteredDevice(DEVICE, "wallet", "user", null, Instant.EPOCH, Instant.EPOCH, 0, -1, null);
    }
}
