package dev.ncwrelay.delivery.messages.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.FeedSettings;
import dev.ncwrelay.delivery.messages.feed.LatencyMetrics;
import dev.ncwrelay.delivery.messages.feed.Page;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import dev.ncwrelay.delivery.messages.mailbox.Backlog;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** A webhook that was created before the ring began, while a reader waits and the mailbox lags behind. */
class LateEventTest {

    private static final String DEVICE = "device";
    private static final RegisteredDevice REGISTERED =
            new RegisteredDevice(DEVICE, "wallet", "user", null, Instant.EPOCH, Instant.EPOCH, 0, -1, null);
    private static final ReadLimit ALL = new ReadLimit(100, Long.MAX_VALUE, _ -> true);

    private final LatencyMetrics stages = new LatencyMetrics(Clock.systemUTC(), new SimpleMeterRegistry());
    private final Feed feed = new Feed(
            new FeedSettings(Duration.ofMinutes(2), DataSize.ofMegabytes(1), 100, Duration.ofHours(1)),
            1,
            Clock.systemUTC(),
            stages);
    private final AtomicInteger generation = new AtomicInteger(1);
    private final AtomicInteger asked = new AtomicInteger();
    private int behind;

    @Test
    void reader_thatIsHeld_isGivenIt_onceTheMailboxHasIt() {
        behind = 3;
        var reader = held();

        late();

        assertThat(reader.pollWithRetry())
                .hasValueSatisfying(
                        found -> assertThat(((StreamRead.Found) found).page().events())
                                .extracting(Event::eventId)
                                .containsExactly("late"));
        assertThat(asked.get()).isGreaterThan(3);
    }

    @Test
    void reader_whoseWaitEndsBefore_goesOnWhereItWas() {
        behind = Integer.MAX_VALUE;
        var reader = held();

        late();

        assertThat(reader.readLast()).isEqualTo(new StreamRead.Found(new Page(List.of(), 5, false)));
    }

    @Test
    void reader_thatIsNew_getsUnavailableAtOnce() {
        behind = Integer.MAX_VALUE;
        feed.positioned(0, 5);
        late();

        assertThat(reader().pollWithRetry())
                .hasValueSatisfying(found -> assertThat(found).isInstanceOf(StreamRead.Unavailable.class));
    }

    @Test
    void reader_ofADeletedTopic_hasLostItsPosition() {
        var reader = held();

        generation.set(2);

        assertThat(reader.pollWithRetry()).contains(new StreamRead.Lost(PositionLossReason.GENERATION, -1));
        assertThat(reader.readLast()).isEqualTo(new StreamRead.Lost(PositionLossReason.GENERATION, -1));
    }

    private StreamReader held() {
        feed.positioned(0, 6);
        var reader = reader();
        assertThat(reader.pollWithRetry()).isEmpty();
        return reader;
    }

    private StreamReader reader() {
        return new StreamReader(
                new StreamSource(feed, this::backlog, _ -> Optional.of(REGISTERED)),
                REGISTERED,
                new StartPosition.After(5),
                ALL,
                stages,
                generation::get,
                1,
                Long::toString);
    }

    private Backlog.Read backlog(String deviceId, StartPosition from, long minOffset) {
        return asked.incrementAndGet() <= behind
                ? new Backlog.Read.Found(new Page(List.of(), 5, false))
                : new Backlog.Read.Found(new Page(List.of(Event.of(event(), DEVICE, 6)), 6, false));
    }

    private void late() {
        feed.read(
                event(),
                new ConsumerRecord<>(
                        Topics.DEVICE_EVENTS.name(),
                        0,
                        6,
                        System.currentTimeMillis(),
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        DEVICE,
                        new byte[0],
                        new RecordHeaders(),
                        Optional.empty()));
    }

    private static DeviceEvent event() {
        return DeviceEvent.newBuilder()
                .setEventId("late")
                .setEventType("type")
                .setDeviceId(DEVICE)
                .setCreatedAt(Instant.now().minus(Duration.ofHours(3)))
                .setReceivedAt(Instant.now())
                .setData(ByteBuffer.allocate(1))
                .build();
    }
}
