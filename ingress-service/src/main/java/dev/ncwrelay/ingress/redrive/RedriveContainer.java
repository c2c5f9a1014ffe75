package dev.ncwrelay.ingress.redrive;

import dev.ncwrelay.kafka.connection.ClientFailure;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.listener.RepeatingErrorHandler;
import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.schemas.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.event.ConsumerStoppedEvent;
import org.springframework.kafka.event.ConsumerStoppedEvent.Reason;
import org.springframework.kafka.listener.BatchConsumerAwareMessageListener;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.ContainerProperties.AssignmentCommitOption;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;

/** The listener container of the kept events: a consumer group that commits no offsets. */
final class RedriveContainer implements AutoCloseable {

    static final String GROUP = "ncw-ingress-redrive";

    private static final Logger log = LoggerFactory.getLogger(RedriveContainer.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    /** Kept events of a killed node wait for so long; Kafka's default is 45 s. */
    private static final int SESSION_TIMEOUT_MILLIS = 10_000;

    private static final int HEARTBEAT_MILLIS = 2_000;

    /** Called on the container's thread. */
    interface Listener {

        /** Partitions are assigned, and are to be read from where the consumer is positioned now. */
        void assigned(Collection<TopicPartition> partitions, Consumer<?, ?> consumer);

        /** Partitions are no longer assigned. */
        void revoked(Collection<TopicPartition> partitions);

        /** The records of a poll, often none. After an exception all partitions are assigned again. */
        void polled(List<ConsumerRecord<String, byte[]>> records, Consumer<?, ?> consumer);
    }

    private final Listener listener;
    private final KafkaMessageListenerContainer<String, byte[]> container;
    private volatile boolean mustRun;
    private boolean closed;

    RedriveContainer(KafkaConnection kafka, Listener listener) {
        this.listener = listener;
        var consumer = kafka.consumer(
                "ingress-redrive",
                Map.of(
                        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS,
                        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MILLIS));
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        this.container = new KafkaMessageListenerContainer<>(new PollObserver(consumer), properties());
        container.setCommonErrorHandler(new RepeatingErrorHandler(this::repeat));
        container.setApplicationEventPublisher(this::onEvent);
    }

    private ContainerProperties properties() {
        var properties = new ContainerProperties(Topics.WALLET_UNROUTED.name());
        properties.setGroupId(GROUP);
        // Nothing is acknowledged, so nothing is committed.
        properties.setAckMode(AckMode.MANUAL);
        properties.setAssignmentCommitOption(AssignmentCommitOption.NEVER);
        properties.setPollTimeout(POLL.toMillis());
        properties.setShutdownTimeout(CLOSE_TIMEOUT.toMillis());
        properties.setAuthExceptionRetryInterval(PAUSE);
        properties.setListenerTaskExecutor(
                new SimpleAsyncTaskExecutor(task -> CriticalThread.unstarted("redrive", task)));
        properties.setMessageListener((BatchConsumerAwareMessageListener<String, byte[]>)
                (records, consumer) -> polled(records, Objects.requireNonNull(consumer)));
        properties.setConsumerRebalanceListener(new ConsumerAwareRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
                listener.assigned(partitions, consumer);
            }

            @Override
            public void onPartitionsRevokedBeforeCommit(
                    Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
                listener.revoked(partitions);
            }
        });
        return properties;
    }

    void start() {
        synchronized (this) {
            mustRun = !closed;
        }
        if (!tryStart()) {
            CriticalThread.startVirtual("redrive-start", this::startLater);
        }
    }

    private void startLater() {
        do {
            pause();
        } while (!tryStart() && !Thread.currentThread().isInterrupted());
    }

    /** False when no consumer can be created, because the brokers' names do not resolve at present. */
    private synchronized boolean tryStart() {
        try {
            if (mustRun) {
                container.start();
            }
            return true;
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("reason", e.toString()).log("redrive not started, will retry");
            return false;
        }
    }

    /** Why nothing is read any more, human-readable; empty when healthy. */
    Optional<String> failure() {
        return mustRun && !container.isRunning() ? Optional.of("kept events are not read") : Optional.empty();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            mustRun = false;
        }
        container.stop();
    }

    private void polled(List<ConsumerRecord<String, byte[]>> records, Consumer<?, ?> consumer) {
        RepeatingErrorHandler.call(() -> listener.polled(records, consumer));
    }

    private void onEvent(Object event) {
        if (event instanceof ConsumerStoppedEvent stopped && stopped.getReason() == Reason.ERROR) {
            CriticalThread.end(new IllegalStateException("the consumer of kept events failed with an error"));
        }
    }

    /** Passes polls without records on. The container's idle events would stop while the system's clock is set back. */
    private final class PollObserver extends DefaultKafkaConsumerFactory<String, byte[]> {

        private PollObserver(Map<String, Object> config) {
            super(config);
        }

        @Override
        protected Consumer<String, byte[]> createRawConsumer(Map<String, Object> config) {
            return new KafkaConsumer<>(config) {
                @Override
                public ConsumerRecords<String, byte[]> poll(Duration timeout) {
                    var records = super.poll(timeout);
                    if (records.isEmpty()) {
                        polled(List.of(), this);
                    }
                    return records;
                }
            };
        }
    }

    /** Reads everything again: the topic is the state. */
    private void repeat(Exception failure, ConsumerRecords<?, ?> records, Consumer<?, ?> consumer) {
        var cause = ClientFailure.cause(failure);
        log.atWarn().addKeyValue("reason", cause.toString()).log("redrive failed, will retry");
        listener.assigned(consumer.assignment(), consumer);
        pause();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
