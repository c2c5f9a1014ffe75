package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.channel.subscription.Subscriptions;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.serde.RecordCodec;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards events to one kind of channel: a consumer group reads them, and a thread of its own loads the subscriptions of
 * assigned partitions, opens and closes channels, and catches up with what was held back.
 */
public final class Forwarding implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Forwarding.class);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final KafkaConnection kafka;
    private final Channel channel;
    private final Subscriptions subscriptions;
    private final EventDecoder decoder;
    private final RecordSender sender;
    private final Clock clock;
    private final ForwardMetrics metrics;
    private final ForwardLag lag;
    private final String instance = UUID.randomUUID().toString();
    private final Map<Integer, Assignment> assignments = new ConcurrentHashMap<>();
    private final String group;
    private final EventConsumer consumer;
    private final EventsTopic topic;
    private final Thread thread;
    private int nextPartition;
    private volatile Optional<String> failure = Optional.of("not started yet");
    private volatile boolean closed;

    public Forwarding(
            ForwardSettings settings,
            KafkaConnection kafka,
            RecordCodec codec,
            Channel channel,
            Subscriptions subscriptions,
            RecordSender sender,
            MeterRegistry meters,
            Clock clock) {
        this.kafka = kafka;
        this.channel = channel;
        this.subscriptions = subscriptions;
        this.decoder = new EventDecoder(codec);
        this.sender = sender;
        this.clock = clock;
        this.metrics = new ForwardMetrics(meters, channel.kind());
        ForwardMetrics.behind(meters, channel.kind(), this::behind);
        this.lag = new ForwardLag(clock);
        ForwardMetrics.lag(meters, channel.kind(), lag::records);
        this.topic = new EventsTopic(kafka);
        this.group = settings.group();
        this.consumer = new EventConsumer(kafka, channel.kind(), settings, new Reader());
        this.thread = CriticalThread.unstarted("catch-up " + channel.kind(), this::run);
    }

    /** Starts; call once, when Kafka and the schema registry are known to be available. */
    public void start() {
        subscriptions.onChange(channel.kind(), this::changed);
        thread.start();
    }

    /** The kind of channel. */
    public String kind() {
        return channel.kind();
    }

    /** The consumer group. */
    public String group() {
        return group;
    }

    /** Why events are not forwarded now, human-readable; empty when they are. */
    public Optional<String> failure() {
        return consumer.failure().or(() -> failure);
    }

    /** Subscriptions whose events wait in Kafka. */
    long behind() {
        return assignments.values().stream()
                .map(assignment -> assignment.forwarder().getNow(null))
                .mapToLong(forwarder -> forwarder == null ? 0 : forwarder.behind())
                .sum();
    }

    @Override
    public void close() {
        closed = true;
        consumer.close();
        thread.interrupt();
        try {
            if (thread.isAlive()) {
                thread.join(CLOSE_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void changed(ChannelKey key) {
        var assignment = assignments.get(DevicePartition.of(key.deviceId(), kafka.partitions()));
        if (assignment != null) {
            // One that is not loaded yet looks at all keys later.
            var forwarder = assignment.forwarder().getNow(null);
            if (forwarder != null) {
                forwarder.changed(key);
            }
        }
    }

    private void run() {
        while (!closed && !startConsumer()) {}
        while (!closed) {
            try (var reader = new KafkaConsumer<String, byte[]>(kafka.shortLivedConsumer("channel-catch-up"))) {
                run(reader);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    /** Until it is closed: partitions keep the source that they were loaded with. */
    private void run(Consumer<String, byte[]> reader) throws InterruptedException {
        var source = new KafkaEventSource(reader, decoder);
        while (!closed) {
            try {
                load(reader, source);
                lag.measure(reader);
                boolean more = catchUp();
                failure = Optional.empty();
                if (!more) {
                    Thread.sleep(PAUSE);
                }
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    /** False when no consumer can be created, because the brokers' names do not resolve at present. */
    private boolean startConsumer() {
        try {
            consumer.start();
            return true;
        } catch (RuntimeException e) {
            failed(e);
            return false;
        }
    }

    private void failed(RuntimeException reason) {
        if (closed) {
            return;
        }
        var text = reason.toString();
        (failure.filter(text::equals).isPresent() ? log.atDebug() : log.atWarn())
                .addKeyValue("kind", channel.kind())
                .addKeyValue("reason", text)
                .log("catching up failed, will retry");
        failure = Optional.of(text);
        try {
            Thread.sleep(RETRY_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void load(Consumer<String, byte[]> reader, EventSource source) throws InterruptedException {
        var loading = assignments.entrySet().stream()
                .filter(entry -> !entry.getValue().forwarder().isDone())
                .toList();
        if (loading.isEmpty()) {
            return;
        }
        int generation = topic.generation();
        for (var entry : loading) {
            var assignment = entry.getValue();
            int partition = entry.getKey();
            if (!subscriptions.awaitEnds(partition, reader, LOAD_TIMEOUT)) {
                throw new IllegalStateException(
                        "devices and subscriptions not read for " + LOAD_TIMEOUT.toSeconds() + " s");
            }
            var forwarder = forwarder(partition, assignment, source, generation);
            assignment.forwarder().complete(forwarder);
            // After that, so that no change in between is missed.
            subscriptions.keys(partition, channel.kind()).forEach(forwarder::changed);
            if (!assignment.equals(assignments.get(partition))) {
                forwarder.close();
            }
        }
    }

    private PartitionForwarder forwarder(int partition, Assignment assignment, EventSource source, int generation) {
        var states = new KafkaStateStore(sender, subscriptions, instance, generation);
        Function<ChannelKey, Optional<Subscription>> find =
                key -> subscriptions.find(key).map(found -> found.in(generation));
        var stored = subscriptions.keys(partition, channel.kind()).stream()
                .flatMap(key -> find.apply(key).stream())
                .flatMap(subscription -> states.load(subscription, assignment.committed()).stream())
                .toList();
        return new PartitionForwarder(
                partition, assignment.position(), stored, channel, find, source, states, metrics, clock);
    }

    /** After a failure the next call begins behind the partition that failed. */
    private boolean catchUp() {
        boolean more = false;
        for (int i = 0; i < kafka.partitions(); i++) {
            var assignment = assignments.get(nextPartition);
            nextPartition = (nextPartition + 1) % kafka.partitions();
            var forwarder = assignment == null ? null : assignment.forwarder().getNow(null);
            more |= forwarder != null && forwarder.catchUp();
        }
        return more;
    }

    /** Receives what the consumer reads, on its threads. */
    private final class Reader implements EventConsumer.Listener {

        @Override
        public void assigned(Object owner, int partition, long position, boolean committed) {
            var before = assignments.put(partition, Assignment.at(owner, position, committed));
            lag.assigned(partition, position);
            if (before != null) {
                before.close();
            }
        }

        @Override
        public void revoked(Object owner, Collection<TopicPartition> partitions) {
            for (var partition : partitions) {
                var assignment = assignments.get(partition.partition());
                // Another consumer of this instance may have it already.
                if (assignment != null
                        && assignment.owner().equals(owner)
                        && assignments.remove(partition.partition(), assignment)) {
                    lag.revoked(partition.partition());
                    assignment.close();
                }
            }
        }

        @Override
        public void read(int partition, List<ConsumerRecord<String, byte[]>> records) {
            var assignment = assignments.get(partition);
            if (assignment == null) {
                throw new IllegalStateException("partition " + partition + " is not assigned");
            }
            var events = new ArrayList<ForwardedEvent>(records.size());
            records.forEach(record -> decoder.decode(record).ifPresent(events::add));
            long next = records.getLast().offset() + 1;
            assignment.await().forward(events, next);
            lag.forwarded(partition, next);
        }

        @Override
        public void retried() {
            metrics.retried();
        }
    }
}
