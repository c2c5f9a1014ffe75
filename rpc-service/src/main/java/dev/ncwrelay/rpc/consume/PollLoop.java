package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.rpc.dispatch.DeviceDispatcher;
import dev.ncwrelay.rpc.limit.CallGate;
import dev.ncwrelay.rpc.limit.PartitionShare;
import dev.ncwrelay.rpc.partition.HandoverLoader;
import dev.ncwrelay.rpc.partition.OffsetState;
import dev.ncwrelay.rpc.partition.PartitionAssignment;
import dev.ncwrelay.rpc.partition.PartitionAssignments;
import dev.ncwrelay.rpc.partition.RecordContext;
import dev.ncwrelay.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The poll thread: starts each record on a thread of its own and continues.
 *
 * <ol>
 *   <li>It waits for Kafka only, except while partitions are revoked.
 *   <li>A failure of the consumer drops its partitions uncommitted and creates a new consumer.
 *   <li>After {@link #close} it releases its partitions and ends; an {@link Error} ends the process.
 * </ol>
 */
final class PollLoop implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(PollLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Part of a fetch is buffered in the consumer: room for a few records of the largest size. */
    private static final int FETCH_BYTES = 16 * 1024 * 1024;

    /** Prefix of the dispatch key of a device whose requests are rejected; no device id begins with it. */
    private static final String REFUSED = "\u0000refused ";

    private static final int SESSION_TIMEOUT_MILLIS = 10_000;

    /** A member learns of a rebalance from the response to its heartbeat, and the others wait for it. */
    private static final int HEARTBEAT_MILLIS = 1_000;

    private final Map<String, Object> consumerConfig;
    private final DispatchSettings settings;
    private final int partitions;
    private final RequestHandler handler;
    private final DeviceDispatcher dispatch;
    private final HandoverLoader handoverLoader;
    private final CallGate gate;
    private final PartitionShare partitionShare;
    private final PollLoopState state;
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * Partitions with a device that has too many requests waiting to be rejected, and the dispatch key of that device.
     */
    private final Map<TopicPartition, String> overloaded = new HashMap<>();

    private boolean full;

    PollLoop(
            KafkaConnection kafka,
            DispatchSettings settings,
            RequestHandler handler,
            DeviceDispatcher dispatch,
            HandoverLoader handoverLoader,
            CallGate gate,
            PartitionShare share,
            PollLoopState state) {
        this.consumerConfig = consumerConfig(kafka, settings.group());
        this.settings = settings;
        this.handler = handler;
        this.dispatch = dispatch;
        this.handoverLoader = handoverLoader;
        this.gate = gate;
        this.partitionShare = share;
        this.partitions = kafka.partitions();
        this.state = state;
    }

    /** Asks the loop to end; its thread ends when partitions are released. */
    void close() {
        closing.countDown();
    }

    @Override
    public void run() {
        try {
            while (!isClosing()) {
                try (var consumer = new KafkaConsumer<String, byte[]>(consumerConfig)) {
                    consume(consumer);
                } catch (RuntimeException e) {
                    state.failed(e.toString());
                    log.atError().setCause(e).log("consumer failed, creating a new one");
                    awaitClosing(PAUSE);
                }
            }
        } finally {
            state.failed("the thread that reads requests has ended");
        }
    }

    private void consume(Consumer<String, byte[]> consumer) {
        var wakeup = new ConsumerWakeup(consumer);
        var assignments = new PartitionAssignments(
                consumer,
                settings.grace(),
                partition -> new PartitionAssignment(partition, settings.answeredMemory(), wakeup::requestWakeup),
                assigned -> handoverLoader.load(assigned, wakeup::requestWakeup));
        try {
            consumer.subscribe(List.of(Topics.RPC_REQUESTS.name()), assignments);
            long lastCommit = System.nanoTime();
            while (!isClosing()) {
                pauseOrResume(consumer, assignments.open());
                for (var record : wakeup.poll(POLL)) {
                    dispatch(record, assignments);
                }
                assignments.commitRequested();
                if (System.nanoTime() - lastCommit >= settings.commitInterval().toNanos()) {
                    assignments.commit();
                    lastCommit = System.nanoTime();
                    partitionShare.update(assignments.all().size(), partitions);
                    state.polled(consumer, assignments);
                }
            }
            assignments.revokeAll();
        } finally {
            // Partitions are left only if the consumer failed; closing it must not commit.
            assignments.dropAll();
        }
    }

    private void dispatch(ConsumerRecord<String, byte[]> record, PartitionAssignments assignments) {
        var assignment = assignments.of(new TopicPartition(record.topic(), record.partition()));
        var found = assignment.offsets().started(record.offset(), record.timestamp());
        if (found == OffsetState.FINISHED) {
            return;
        }
        // A record without a key belongs to no device and is unreadable.
        var device = Objects.requireNonNullElse(record.key(), "");
        var slot = assignment.sequencer().next(device);
        var recordContext = new RecordContext(assignment, record.offset(), found, slot, System.nanoTime());
        // While a previous owner may have processed records, it is not known which requests of the device are repeats.
        if (found == OffsetState.OPEN && dispatch.isDeviceFull(device) && !assignment.hasUncertain()) {
            refuse(record, recordContext, REFUSED + device);
        } else {
            dispatch.submit(device, size(record), () -> process(record, recordContext, handler::handle));
        }
    }

    /** Rejecting is bounded like processing: beyond the bound, records stay in Kafka. */
    private void refuse(ConsumerRecord<String, byte[]> record, RecordContext recordContext, String key) {
        dispatch.submit(key, size(record), () -> process(record, recordContext, handler::refuse));
        if (dispatch.isDeviceFull(key)) {
            overloaded.put(recordContext.assignment().partition(), key);
        }
    }

    private static int size(ConsumerRecord<?, ?> record) {
        return Math.max(0, record.serializedValueSize());
    }

    /** What to do with a record. */
    @FunctionalInterface
    private interface RecordHandler {
        void take(ConsumerRecord<String, byte[]> record, RecordContext recordContext) throws InterruptedException;
    }

    private static void process(
            ConsumerRecord<String, byte[]> record, RecordContext recordContext, RecordHandler step) {
        if (!recordContext.assignment().begin()) {
            // No later record begins either, so the slot need not end.
            return;
        }
        try {
            step.take(record, recordContext);
        } catch (InterruptedException e) {
            // The partition was revoked or the service is stopping; the next owner processes the record.
            Thread.currentThread().interrupt();
        } finally {
            recordContext.slot().end();
            recordContext.assignment().end();
        }
    }

    /**
     * Pauses partitions instead of not polling, so that the consumer stays in its group; newly assigned ones are paused
     * too.
     */
    private void pauseOrResume(Consumer<?, ?> consumer, Set<TopicPartition> open) {
        full = full ? !dispatch.hasCapacity() : dispatch.isFull();
        overloaded.values().removeIf(key -> !dispatch.isDeviceFull(key));
        var readable = full || gate.isBlocked() ? new HashSet<TopicPartition>() : new HashSet<>(open);
        readable.removeAll(overloaded.keySet());
        var unreadable = new HashSet<>(consumer.assignment());
        unreadable.removeAll(readable);
        if (!consumer.paused().equals(unreadable)) {
            consumer.pause(unreadable);
            consumer.resume(readable);
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void awaitClosing(Duration timeout) {
        try {
            closing.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            close();
        }
    }

    private static Map<String, Object> consumerConfig(KafkaConnection kafka, String group) {
        var defaults = new HashMap<String, Object>();
        defaults.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        // Eager assignors revoke every partition at each rebalance, and with it all in-flight calls.
        defaults.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        // Partitions of a killed instance are unread until its session times out; Kafka's default of 45 s is too long
        // for a call.
        defaults.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS);
        defaults.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MILLIS);
        var config = kafka.consumer(group, defaults);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        // A new group, or one that was away longer than the retention, must not skip records.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return config;
    }
}
