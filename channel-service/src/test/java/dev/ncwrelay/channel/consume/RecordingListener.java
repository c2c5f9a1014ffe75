package dev.ncwrelay.channel.consume;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Records what a consumer reads, and fails when it is told to. */
final class RecordingListener implements EventConsumer.Listener {

    private final List<Integer> assigned = new CopyOnWriteArrayList<>();
    private final Map<Integer, List<Long>> read = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> attempts = new ConcurrentHashMap<>();
    private final Map<Integer, RuntimeException> failures = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable RuntimeException> takeOverFailure = new AtomicReference<>();
    private final Map<Integer, Long> committed = new ConcurrentHashMap<>();
    private final AtomicInteger takeOversFailed = new AtomicInteger();

    /** The partitions assigned now. */
    List<Integer> assigned() {
        return List.copyOf(assigned);
    }

    /** The offsets read without a failure, in the order of reading. */
    List<Long> read(int partition) {
        return List.copyOf(read.getOrDefault(partition, List.of()));
    }

    /** How many times records of the partition were passed. */
    int attempts(int partition) {
        return attempts.getOrDefault(partition, 0);
    }

    /** The offset of the last commit that it was told of; 0 for none. */
    long committed(int partition) {
        return committed.getOrDefault(partition, 0L);
    }

    int takeOversFailed() {
        return takeOversFailed.get();
    }

    void failNextTakeOver(RuntimeException failure) {
        takeOverFailure.set(failure);
    }

    void fail(int partition, RuntimeException failure) {
        failures.put(partition, failure);
    }

    void recover() {
        failures.clear();
    }

    @Override
    public void assigned(Object consumer, int partition, Offsets offsets, boolean committed) {
        assigned.add(partition);
    }

    @Override
    public void revoked(Object consumer, Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> assigned.removeIf(known -> known == partition.partition()));
    }

    @Override
    public void read(int partition, List<ConsumerRecord<String, byte[]>> records) {
        attempts.merge(partition, 1, Integer::sum);
        var failure = failures.get(partition);
        if (failure != null) {
            throw failure;
        }
        var offsets = read.computeIfAbsent(partition, _ -> new CopyOnWriteArrayList<>());
        records.forEach(record -> offsets.add(record.offset()));
    }

    /** A consumer of a new group asks at the take-over. */
    @Override
    public Commit toCommit(int partition, long next) {
        var failure = takeOverFailure.getAndSet(null);
        if (failure != null) {
            takeOversFailed.incrementAndGet();
            throw failure;
        }
        return new Commit(new Offsets(next, next), () -> committed.merge(partition, next, Math::max));
    }

    @Override
    public void retried() {}
}
