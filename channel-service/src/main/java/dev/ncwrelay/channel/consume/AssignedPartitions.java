package dev.ncwrelay.channel.consume;

import dev.ncwrelay.channel.subscription.Subscriptions;
import dev.ncwrelay.kafka.connection.ClientFailure;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.DevicePartition;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of the events topic that the group of a kind of channel assigns to this instance: a consumer group reads
 * them, and a thread of its own loads their subscriptions and catches up.
 */
public final class AssignedPartitions<P extends AssignedPartition> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AssignedPartitions.class);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final KafkaConnection kafka;
    private final String kind;
    private final Subscriptions subscriptions;
    private final Work<P> work;
    private final Map<Integer, Assignment<P>> assignments = new ConcurrentHashMap<>();
    private final EventConsumer consumer;
    private final EventsTopic topic;
    private final Thread thread;
    private final ReadLag lag;
    private final CatchUpPass pass;
    private volatile Optional<String> failure = Optional.of("not started yet");
    private volatile boolean closed;

    /** What a kind of channel does. */
    public interface Work<P extends AssignedPartition> {

        /**
         * Waits until everything else that a partition needs is read; by default nothing is.
         *
         * @param reader asks for the ends of topics; its assignment stays as it is
         * @return false when it takes longer than the timeout
         */
        default boolean awaitLoaded(int partition, Consumer<?, ?> reader, Duration timeout)
                throws InterruptedException {
            return true;
        }

        /**
         * Begins with a partition; all subscriptions and their states are read.
         *
         * @param committed whether the group has committed an offset before
         * @param log reads records again; to be used in {@link AssignedPartition#catchUp} alone
         * @param generation of the events topic, which all offsets belong to
         */
        P begin(int partition, Offsets offsets, boolean committed, RecordSource log, int generation);

        /** What to commit for a partition that has not begun; by default what comes next, as nothing before it is needed. */
        default Offsets unknown(long next) {
            return new Offsets(next, next);
        }

        /** Records are passed again after a failure. */
        void retried();

        /** A partition was given up, and is closed. */
        default void revoked() {}
    }

    public AssignedPartitions(
            ConsumerSettings settings, KafkaConnection kafka, Subscriptions subscriptions, Work<P> work, Clock clock) {
        this.kafka = kafka;
        this.kind = settings.kind();
        this.subscriptions = subscriptions;
        this.work = work;
        this.topic = new EventsTopic(kafka);
        this.lag = new ReadLag(clock);
        this.pass = new CatchUpPass(kafka.partitions(), this::loaded, clock);
        this.consumer = new EventConsumer(kafka, settings, new Reader(), clock);
        this.thread = CriticalThread.unstarted("catch-up " + kind, this::run);
    }

    /** Starts; call once, when Kafka and the schema registry are known to be available. */
    public void start() {
        subscriptions.onChange(kind, this::changed);
        thread.start();
    }

    /** Why events are not read now, human-readable; empty when they are. */
    public Optional<String> failure() {
        return consumer.failure().or(() -> failure);
    }

    /** How many events of these partitions are not read yet. */
    public long lag() {
        return lag.records();
    }

    /** The partitions whose subscriptions are loaded. */
    public Stream<P> loaded() {
        return assignments.values().stream().flatMap(assignment -> assignment.loaded().stream());
    }

    private Optional<P> loaded(int partition) {
        return Optional.ofNullable(assignments.get(partition)).flatMap(Assignment::loaded);
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
        // One that is not loaded yet looks at all keys later.
        loaded(DevicePartition.of(key.deviceId(), kafka.partitions())).ifPresent(partition -> partition.changed(key));
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

    /** Until it is closed: partitions keep the source that they began with. */
    private void run(Consumer<String, byte[]> reader) throws InterruptedException {
        var source = new KafkaRecordSource(reader);
        while (!closed) {
            try {
                load(reader, source);
                boolean more;
                try {
                    more = pass.run();
                } finally {
                    lag.measure(reader);
                }
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
        var text = ClientFailure.text(reason);
        (failure.filter(text::equals).isPresent() ? log.atDebug() : log.atWarn())
                .addKeyValue("kind", kind)
                .addKeyValue("reason", text)
                .log("catching up failed, will retry");
        failure = Optional.of(text);
        try {
            Thread.sleep(RETRY_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void load(Consumer<String, byte[]> reader, RecordSource source) throws InterruptedException {
        var loading = assignments.entrySet().stream()
                .filter(entry -> !entry.getValue().partition().isDone())
                .toList();
        if (loading.isEmpty()) {
            return;
        }
        int generation = topic.generation();
        for (var entry : loading) {
            var assignment = entry.getValue();
            int partition = entry.getKey();
            if (!subscriptions.awaitEnds(partition, reader, LOAD_TIMEOUT)
                    || !work.awaitLoaded(partition, reader, LOAD_TIMEOUT)) {
                throw new IllegalStateException(
                        "devices and subscriptions not read for " + LOAD_TIMEOUT.toSeconds() + " s");
            }
            var begun = work.begin(partition, assignment.offsets(), assignment.committed(), source, generation);
            assignment.partition().complete(begun);
            // After that, so that no change in between is missed.
            subscriptions.keys(partition, kind).forEach(begun::changed);
            if (!assignment.equals(assignments.get(partition))) {
                begun.close();
            }
        }
    }

    /** Receives what the consumer reads, on its threads. */
    private final class Reader implements EventConsumer.Listener {

        @Override
        public void assigned(Object owner, int partition, Offsets offsets, boolean committed) {
            var before = assignments.put(partition, Assignment.at(owner, offsets, committed));
            lag.assigned(partition, offsets.next());
            if (before != null) {
                before.close();
            }
        }

        @Override
        public void revoked(Object owner, Collection<TopicPartition> partitions) {
            var revoked = new ArrayList<Assignment<P>>();
            for (var partition : partitions) {
                // Another consumer of this instance may have it already.
                ofOwner(owner, partition)
                        .filter(assignment -> assignments.remove(partition.partition(), assignment))
                        .ifPresent(assignment -> {
                            lag.revoked(partition.partition());
                            revoked.add(assignment);
                        });
            }
            Assignment.closeAll(revoked);
            work.revoked();
        }

        private Optional<Assignment<P>> ofOwner(Object owner, TopicPartition partition) {
            return Optional.ofNullable(assignments.get(partition.partition()))
                    .filter(assignment -> assignment.owner().equals(owner));
        }

        @Override
        public void read(int partition, List<ConsumerRecord<String, byte[]>> records) {
            var assignment = assignments.get(partition);
            if (assignment == null) {
                throw new IllegalStateException("partition " + partition + " is not assigned");
            }
            assignment.await().read(records);
            lag.read(partition, records.getLast().offset() + 1);
        }

        @Override
        public Commit toCommit(int partition, long next) {
            return loaded(partition)
                    .map(loaded -> loaded.toCommit(next))
                    .orElseGet(() -> new Commit(work.unknown(next)));
        }

        @Override
        public void retried() {
            work.retried();
        }
    }
}
