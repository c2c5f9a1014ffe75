package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.FeedSettings;
import dev.ncwrelay.delivery.messages.feed.LatencyMetrics;
import dev.ncwrelay.delivery.messages.stream.StreamSource;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.time.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.state.HostInfo;
import org.springframework.util.unit.DataSize;

/**
 * Three nodes and one partition, with everything that happens to them decided by one random source: how far each ring
 * and each copy has read, who writes the mailbox, who dies after which write. The parts are the real ones; Kafka and the
 * network between the nodes are lists and calls.
 */
final class SimulatedCluster {

    static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private static final int NODES = 3;
    private static final Duration WINDOW = Duration.ofSeconds(20);
    private static final MailboxBounds BOUNDS = new MailboxBounds(
            Duration.ofDays(7),
            Duration.ofHours(24),
            Duration.ofHours(24),
            10_000,
            Long.MAX_VALUE,
            Duration.ofDays(90));

    private final Random random;
    private final List<Written> log = new ArrayList<>();
    private final List<Node> nodes;
    private final MutableClock clock = new MutableClock(START);

    private JournaledStore store = new JournaledStore();
    private int owner;
    private int standby = 1;
    private int taken;
    private int committed;
    private int flushed;
    private JournaledStore copy = new JournaledStore();

    /** No device's ownership ever changes. */
    private static Optional<RegisteredDevice> registered(String deviceId) {
        return Optional.of(device(deviceId));
    }

    static RegisteredDevice device(String deviceId) {
        return new RegisteredDevice(deviceId, "wallet", "user", null, START, START, 0, -1, null);
    }

    private record Written(DeviceEvent event, Instant at) {}

    /** A node: its ring, and how far it has read. */
    private final class Node {

        private final int number;
        private Feed feed;
        private StreamSource source;
        private int read;

        private Node(int number) {
            this.number = number;
            this.feed = feed();
            this.source = new StreamSource(feed, backlog(number), SimulatedCluster::registered);
            begin(0);
        }

        private void begin(int offset) {
            feed = feed();
            source = new StreamSource(feed, backlog(number), SimulatedCluster::registered);
            feed.positioned(0, offset);
            read = offset;
        }

        private void restart() {
            var since = now().minus(WINDOW);
            int offset = 0;
            while (offset < log.size() && log.get(offset).at().isBefore(since)) {
                offset++;
            }
            begin(offset);
        }

        private void read(int records) {
            for (int left = records; left > 0 && read < log.size(); left--) {
                var next = log.get(read);
                feed.read(
                        next.event(),
                        new ConsumerRecord<>(
                                Topics.DEVICE_EVENTS.name(),
                                0,
                                read,
                                next.at().toEpochMilli(),
                                TimestampType.CREATE_TIME,
                                0,
                                0,
                                next.event().getDeviceId(),
                                new byte[0],
                                new RecordHeaders(),
                                Optional.empty()));
                read++;
            }
            feed.batchCompleted();
        }

        private Feed feed() {
            return new Feed(
                    new FeedSettings(WINDOW, DataSize.ofKilobytes(4), 12, Duration.ofHours(24)),
                    1,
                    clock,
                    new LatencyMetrics(clock, new SimpleMeterRegistry()));
        }
    }

    SimulatedCluster(Random random) {
        this.random = random;
        this.nodes = Stream.iterate(0, number -> number + 1)
                .limit(NODES)
                .map(Node::new)
                .toList();
        become(owner, 0);
    }

    /** A random node, as a load balancer without sticky sessions would choose it. */
    StreamSource anyNode() {
        return nodes.get(random.nextInt(NODES)).source;
    }

    void write(String deviceId, String eventId, Instant createdAt) {
        var event = DeviceEvent.newBuilder()
                .setEventId(eventId)
                .setEventType("type")
                .setDeviceId(deviceId)
                .setCreatedAt(createdAt)
                .setReceivedAt(now())
                .setData(ByteBuffer.allocate(10 + random.nextInt(100)))
                .build();
        log.add(new Written(event, now()));
    }

    Instant now() {
        return clock.instant();
    }

    /** A random step of a random part. */
    void step() {
        clock.advance(Duration.ofMillis(random.nextInt(2_000)));
        var node = nodes.get(random.nextInt(NODES));
        switch (random.nextInt(20)) {
            case 0 -> node.restart();
            case 1 -> crashOwner();
            case 2 -> handOver();
            case 3 -> standby = random.nextInt(NODES);
            case 4, 5 -> saveProgress();
            case 6 -> commit();
            case 7, 8 -> flushed += random.nextInt(store.writes() - flushed + 1);
            case 9, 10, 11 -> follow(random.nextInt(30));
            case 12, 13, 14, 15 -> take(random.nextInt(6));
            default -> node.read(random.nextInt(6));
        }
    }

    /** Every part reads to the end. */
    void settle() {
        nodes.forEach(node -> node.read(Integer.MAX_VALUE));
        take(Integer.MAX_VALUE);
        saveProgress();
        commit();
        follow(Integer.MAX_VALUE);
    }

    private void take(int records) {
        var mailbox = new Mailbox(store, BOUNDS);
        for (int left = records; left > 0 && taken < log.size(); left--) {
            var next = log.get(taken);
            var record = ByteBuffer.allocate(Integer.BYTES).putInt(0, taken);
            mailbox.add(
                    next.event().getDeviceId(),
                    next.event().getEventId(),
                    new StoredEvent(taken, next.at().toEpochMilli(), record),
                    now().toEpochMilli());
            taken++;
        }
    }

    private void saveProgress() {
        var mailbox = new Mailbox(store, BOUNDS);
        mailbox.saveProgress(mailbox.progress().orElseThrow().reached(taken - 1));
    }

    private void commit() {
        flushed = store.writes();
        committed = taken;
    }

    private void follow(int writes) {
        store.copyTo(copy, Math.min(flushed, (int) Math.min(Integer.MAX_VALUE, (long) copy.writes() + writes)));
    }

    private void crashOwner() {
        nodes.get(owner).restart();
        become(standby == owner ? (owner + 1) % NODES : standby, flushed);
    }

    private void handOver() {
        commit();
        become(random.nextInt(NODES), flushed);
    }

    /** The new active node has what reached the brokers, and continues from the committed offset. */
    private void become(int node, int writes) {
        owner = node;
        store = store.after(writes);
        flushed = Math.min(flushed, writes);
        if (copy.writes() > writes) {
            throw new IllegalStateException("a copy ran ahead of the brokers");
        }
        taken = committed;
        var mailbox = new Mailbox(store, BOUNDS);
        mailbox.saveProgress(MailboxProgress.opened(
                mailbox.progress(), new EventTopic.Known(0, committed, 1), now().toEpochMilli()));
    }

    private Backlog backlog(int self) {
        var copies = new MailboxRouter.LocalCopies() {
            @Override
            public Optional<StoredPage> read(MailboxQuery query) {
                return own(self, query);
            }

            @Override
            public List<HostInfo> others(String deviceId) {
                return Stream.of(owner, standby)
                        .distinct()
                        .filter(node -> node != self)
                        .map(node -> new HostInfo("node", node))
                        .toList();
            }
        };
        return new MailboxRouter(
                copies,
                // One query in eight fails.
                (host, query) -> random.nextInt(8) == 0 ? Optional.empty() : own(host.port(), query),
                (deviceId, stored) -> {
                    int offset = stored.record().getInt(0);
                    return Optional.of(Event.of(log.get(offset).event(), deviceId, offset));
                });
    }

    private Optional<StoredPage> own(int node, MailboxQuery query) {
        if (node == owner) {
            return Optional.of(new MailboxReader(store, (_, _) -> Optional.empty()).read(query));
        }
        return node == standby
                ? Optional.of(new MailboxReader(copy, (_, _) -> Optional.empty()).read(query))
                : Optional.empty();
    }
}
