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
 * The poll thread: hands each record to a thread of its own and goes on.
 *
 * <ol>
 *   <li>It waits for nothing but Kafka, except while partitions are given up.
 *   <li>A failure of the consumer drops its partitions uncommitted and makes a new consumer.
 *   <li>After {@link #close} it gives its partitions up and ends; an {@link Error} ends the process.
 * </ol>
 */
final class PollLoop implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(PollLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Of what is fetched, a part waits in the consumer: a few records of the largest size. */
    private static final int FETCH_BYTES = 16 * 1024 * 1024;

    /** Before the name of a device whose requests are refused; no id begins so. */
    private static final String REFUSED = "\u0000refused ";

    private static final int SESSION_TIMEOUT_MILLIS = 10_000;

    /** A member learns of a rebalance by its heartbeat's answer, and the others wait for it. */
    private static final int HEARTBEAT_MILLIS = 1_000;

    private final Map<String, Object> consumerConfig;
    private final DispatchProperties properties;
    private final int partitions;
    private final RequestHandler handler;
    private final DeviceDispatcher dispatch;
    private final HandoverLoader predecessors;
    private final CallGate gate;
    private final PartitionShare partitionShare;
    private final PollLoopState state;
    private final CountDownLatch closing = new CountDownLatch(1);

    /** Whose devices have more to be refused than is refused yet. */
    private final Map<TopicPartition, String> overloaded = new HashMap<>();

    private boolean full;

    PollLoop(
            KafkaConnection kafka,
            DispatchProperties properties,
            RequestHandler handler,
            DeviceDispatcher dispatch,
            HandoverLoader predecessors,
            CallGate gate,
            PartitionShare share,
            PollLoopState state) {
        this.consumerConfig = consumerConfig(kafka, properties.group());
        this.properties = properties;
        this.handler = handler;
        this.dispatch = dispatch;
        this.predecessors = predecessors;
        this.gate = gate;
        this.partitionShare = share;
        this.partitions = kafka.partitions();
        this.state = state;
    }

    /** Asks the loop to end; its thread ends when it has. */
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
                    log.atError().setCause(e).log("consumer failed, making a new one");
                    awaitClosing(PAUSE);
                }
            }
        } finally {
            state.failed("the thread that reads requests has ended");
        }
    }

    private void consume(Consumer<String, byte[]> consumer) {
        var waker = new ConsumerWakeup(consumer);
        var assignments = new PartitionAssignments(
                consumer,
                properties.grace(),
                partition -> new PartitionAssignment(partition, properties.answeredMemory(), waker::requestWakeup),
                taken -> predecessors.load(taken, waker::requestWakeup));
        try {
            consumer.subscribe(List.of(Topics.RPC_REQUESTS.name()), assignments);
            long lastCommit = System.nanoTime();
            while (!isClosing()) {
                pauseOrResume(consumer, assignments.open());
                for (var record : waker.poll(POLL)) {
                    dispatch(record, assignments);
                }
                assignments.commitRequested();
                if (System.nanoTime() - lastCommit
                        >= properties.commitInterval().toNanos()) {
                    assignments.commit();
                    lastCommit = System.nanoTime();
                    partitionShare.update(assignments.byPartition().size(), partitions);
                    state.polled(consumer, assignments);
                }
            }
            assignments.revokeAll();
        } finally {
            // What is left when the consumer failed; closing it must not commit anything.
            assignments.dropAll();
        }
    }

    private void dispatch(ConsumerRecord<String, byte[]> record, PartitionAssignments assignments) {
        var assignment = assignments.of(new TopicPartition(record.topic(), record.partition()));
        var found = assignment.offsets().started(record.offset(), record.timestamp());
        if (found == OffsetState.FINISHED) {
            return;
        }
        // A record without a key is no device's; it is unreadable, and as such in nobody's way.
        var device = Objects.requireNonNullElse(record.key(), "");
        var turn = assignment.sequencer().next(device);
        var place = new RecordContext(assignment, record.offset(), found, turn, System.nanoTime());
        // Where an owner before may have carried something out, nothing is known of the device's requests yet.
        if (found == OffsetState.OPEN && dispatch.isDeviceFull(device) && !assignment.hasUncertain()) {
            refuse(record, place, REFUSED + device);
        } else {
            dispatch.submit(device, size(record), () -> process(record, place, handler::handle));
        }
    }

    /** Refusing takes no more than its share either; the log waits for it. */
    private void refuse(ConsumerRecord<String, byte[]> record, RecordContext place, String lane) {
        dispatch.submit(lane, size(record), () -> process(record, place, handler::refuse));
        if (dispatch.isDeviceFull(lane)) {
            overloaded.put(place.assignment().partition(), lane);
        }
    }

    private static int size(ConsumerRecord<?, ?> record) {
        return Math.max(0, record.serializedValueSize());
    }

    /** What to do with a record. */
    @FunctionalInterface
    private interface RecordHandler {
        void take(ConsumerRecord<String, byte[]> record, RecordContext place) throws InterruptedException;
    }

    private static void process(ConsumerRecord<String, byte[]> record, RecordContext place, RecordHandler step) {
        if (!place.assignment().begin()) {
            // Nor does any other begin any more, so its turn needs no end.
            return;
        }
        try {
            step.take(record, place);
        } catch (InterruptedException e) {
            // The partition is gone or the service stops; the record stays unfinished for whoever reads it next.
            Thread.currentThread().interrupt();
        } finally {
            place.slot().end();
            place.assignment().end();
        }
    }

    /** Paused partitions still poll, so the consumer stays in its group; new ones are paused as they come. */
    private void pauseOrResume(Consumer<?, ?> consumer, Set<TopicPartition> open) {
        full = full ? !dispatch.hasCapacity() : dispatch.isFull();
        overloaded.values().removeIf(lane -> !dispatch.isDeviceFull(lane));
        var readable = full || gate.isOpen() ? new HashSet<TopicPartition>() : new HashSet<>(open);
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
        var config = new HashMap<>(kafka.consumer(group));
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        // A group that is new, or was away longer than the log keeps, must not skip what waits for it.
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        // The eager assignors take every partition from everybody at each change, and with it all calls under way.
        config.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        // Until an instance that was killed is missed, nobody reads its partitions; Kafka's 45 s is a call's whole
        // life.
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MILLIS);
        config.putAll(kafka.properties());
        return config;
    }
}
