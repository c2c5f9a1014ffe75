package dev.ncwrelay.channel.consume;

import dev.ncwrelay.kafka.connection.ClientFailure;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.listener.RepeatingErrorHandler;
import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.BatchAcknowledgingConsumerAwareMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.ContainerProperties.AssignmentCommitOption;

/**
 * The listener containers of a kind of channel. What fails of a batch is read again until it succeeds; offsets are committed
 * after it. A group without offsets begins at the end: what is before it belongs to no subscription, or is caught up with. A
 * group that needs earlier records after a crash goes on where it was all the same.
 */
final class EventConsumer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EventConsumer.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_POLL_RECORDS = 500;

    /** Events of a killed instance wait for so long; Kafka's default is 45 s. */
    private static final int SESSION_TIMEOUT_MILLIS = 10_000;

    private static final int HEARTBEAT_MILLIS = 2_000;

    /** Called by the consumers' threads. */
    interface Listener {

        /** A partition is read from {@code offsets.next()} on; {@code committed} when the group has committed before. */
        void assigned(Object consumer, int partition, Offsets offsets, boolean committed);

        void revoked(Object consumer, Collection<TopicPartition> partitions);

        /** Records of one partition, in order; at least one. Called again with the same after an exception. */
        void read(int partition, List<ConsumerRecord<String, byte[]>> records);

        /** What to commit when everything before {@code next} was read. */
        Commit toCommit(int partition, long next);

        void retried();
    }

    private final String kind;
    private final Listener listener;
    private final TakeOver takeOver;
    private final ReadPass pass;
    private final ConcurrentMessageListenerContainer<String, byte[]> container;
    private final Map<Thread, String> failures = new ConcurrentHashMap<>();
    private volatile boolean started;
    private boolean closed;

    EventConsumer(KafkaConnection kafka, ConsumerSettings settings, Listener listener, Clock clock) {
        this.kind = settings.kind();
        this.listener = listener;
        this.takeOver = new TakeOver(kind, listener);
        this.pass = new ReadPass(listener, clock);
        var defaults = new HashMap<>(settings.properties());
        defaults.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS);
        defaults.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MILLIS);
        defaults.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
        var config = kafka.consumer("channel-" + kind, defaults);
        // For offsets that have expired. A group without offsets is positioned when partitions are assigned.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        this.container = new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(config), properties(settings.group()));
        container.setConcurrency(Math.min(settings.threads(), kafka.partitions()));
        container.setCommonErrorHandler(new RepeatingErrorHandler(this::repeat));
        container.setBeanName("channel-" + kind);
    }

    private ContainerProperties properties(String group) {
        var properties = new ContainerProperties(Topics.DEVICE_EVENTS.name());
        properties.setGroupId(group);
        // Commits are made here, as something has to know of their success.
        properties.setAckMode(AckMode.MANUAL);
        properties.setAssignmentCommitOption(AssignmentCommitOption.NEVER);
        properties.setShutdownTimeout(CLOSE_TIMEOUT.toMillis());
        properties.setAuthExceptionRetryInterval(PAUSE);
        properties.setListenerTaskExecutor(
                new SimpleAsyncTaskExecutor(task -> CriticalThread.unstarted("consume " + kind, task)));
        properties.setMessageListener((BatchAcknowledgingConsumerAwareMessageListener<String, byte[]>)
                (records, _, consumer) -> read(records, Objects.requireNonNull(consumer)));
        properties.setConsumerRebalanceListener(new ConsumerAwareRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
                assigned(consumer, partitions);
            }

            @Override
            public void onPartitionsRevokedBeforeCommit(
                    Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
                revoked(consumer, partitions);
            }

            @Override
            public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
                revoked(consumer, partitions);
            }
        });
        return properties;
    }

    /** Call again after an exception. */
    synchronized void start() {
        if (!closed) {
            // After a failure it counts as running, without all of its consumers.
            container.stop();
            container.start();
            started = true;
        }
    }

    /** Why events are not read or not forwarded now, human-readable; empty when they are. */
    Optional<String> failure() {
        return started && !container.isRunning()
                ? Optional.of("events are not read")
                : failures.values().stream().findFirst();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            started = false;
        }
        container.stop();
    }

    private void assigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        try {
            takeOver.assigned(consumer, partitions);
        } catch (Error e) {
            CriticalThread.end(e);
        }
    }

    private void revoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        // It may have been of these; of another it will be there again a second later.
        failures.remove(Thread.currentThread());
        listener.revoked(consumer, partitions);
    }

    private void read(List<ConsumerRecord<String, byte[]>> records, Consumer<?, ?> consumer) {
        var partitions = records.stream().collect(Collectors.groupingBy(ConsumerRecord::partition));
        RepeatingErrorHandler.call(() -> {
            var result = pass.read(partitions);
            var done = new HashMap<>(partitions);
            done.keySet().removeAll(result.left());
            if (!done.isEmpty()) {
                commit(done, consumer);
            }
            result.failure().ifPresent(failure -> {
                throw new FailedPartitionsException(result.left(), failure);
            });
            partitions.keySet().retainAll(result.left());
            partitions.forEach((partition, again) ->
                    consumer.seek(topic(partition), again.getFirst().offset()));
        });
        failures.remove(Thread.currentThread());
    }

    /** What fails is covered by the next commit of the partition. */
    private void commit(Map<Integer, List<ConsumerRecord<String, byte[]>>> done, Consumer<?, ?> consumer) {
        var commits = new HashMap<TopicPartition, Commit>();
        done.forEach((partition, records) -> commits.put(
                topic(partition), listener.toCommit(partition, records.getLast().offset() + 1)));
        var positions = new HashMap<TopicPartition, OffsetAndMetadata>();
        commits.forEach(
                (partition, commit) -> positions.put(partition, commit.offsets().toCommit()));
        consumer.commitAsync(positions, (_, failure) -> {
            if (failure == null) {
                commits.values().forEach(commit -> commit.succeeded().run());
                return;
            }
            log.atDebug()
                    .addKeyValue("kind", kind)
                    .addKeyValue("reason", failure.toString())
                    .log("offsets not committed, the next ones will be");
        });
    }

    private static TopicPartition topic(int partition) {
        return new TopicPartition(Topics.DEVICE_EVENTS.name(), partition);
    }

    private void repeat(Exception reason, ConsumerRecords<?, ?> records, Consumer<?, ?> consumer) {
        var cause = ClientFailure.cause(reason);
        records.partitions().stream()
                .filter(partition -> !(cause instanceof FailedPartitionsException failure)
                        || failure.partitions().contains(partition.partition()))
                .forEach(partition -> consumer.seek(
                        partition, records.records(partition).getFirst().offset()));
        var text = ClientFailure.text(cause);
        (text.equals(failures.put(Thread.currentThread(), text)) ? log.atDebug() : log.atWarn())
                .addKeyValue("kind", kind)
                .addKeyValue("reason", text)
                .log("events not processed, will retry");
        listener.retried();
        takeOver.repeated(consumer);
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
