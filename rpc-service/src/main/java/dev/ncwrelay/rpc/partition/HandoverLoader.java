package dev.ncwrelay.rpc.partition;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out beside the poll thread what the owners before left of new partitions, as often as it takes. */
public final class HandoverLoader {

    private static final Logger log = LoggerFactory.getLogger(HandoverLoader.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final HandoverReader takeOver;
    private final Executor threads;

    public HandoverLoader(HandoverReader takeOver, Executor threads) {
        this.takeOver = takeOver;
        this.threads = threads;
    }

    /**
     * Loads the hand-over state of newly assigned partitions on another thread.
     *
     * @param found called when these may be read
     */
    public void load(List<PartitionAssignment> assignments, Runnable found) {
        try {
            threads.execute(() -> loadAll(assignments, found));
        } catch (RejectedExecutionException e) {
            log.atDebug().log("partitions assigned while the service stops");
        }
    }

    private void loadAll(List<PartitionAssignment> assignments, Runnable found) {
        try {
            while (!Thread.interrupted()) {
                var wanted = assignments.stream()
                        .filter(PartitionAssignment::isLoadingHandover)
                        .toList();
                if (wanted.isEmpty()) {
                    found.run();
                    return;
                }
                var left = tryOnce(wanted);
                if (left.isPresent()) {
                    found.run();
                    follow(wanted, left.get());
                    return;
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Map<TopicPartition, HandoverState>> tryOnce(List<PartitionAssignment> wanted) {
        try {
            var left = takeOver.load(
                    wanted.stream().map(PartitionAssignment::partition).collect(Collectors.toSet()));
            wanted.forEach(assignment -> assignment.open(Objects.requireNonNull(left.get(assignment.partition()))));
            logLoaded(left);
            return Optional.of(left);
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("reason", e).log("what the owners before left is not known yet");
            return Optional.empty();
        }
    }

    /** Owners before may be at work still, or be given up for dead and not be; their answers count when they come. */
    private void follow(List<PartitionAssignment> taken, Map<TopicPartition, HandoverState> left)
            throws InterruptedException {
        var doubtful = taken.stream()
                .filter(PartitionAssignment::hasUncertain)
                .collect(Collectors.toMap(PartitionAssignment::partition, Function.identity()));
        var from = new HashMap<TopicPartition, Long>();
        doubtful.keySet()
                .forEach(partition -> from.put(
                        partition, Objects.requireNonNull(left.get(partition)).repliesEnd()));
        BooleanSupplier wanted = () -> doubtful.values().stream().anyMatch(PartitionAssignment::hasUncertain);
        while (wanted.getAsBoolean()) {
            try {
                takeOver.follow(
                        from,
                        (partition, request, offset) -> Objects.requireNonNull(doubtful.get(partition))
                                .requests()
                                .inheritedReply(request, offset),
                        wanted);
            } catch (InterruptException e) {
                Thread.interrupted();
                throw new InterruptedException("interrupted while following replies");
            } catch (RuntimeException e) {
                log.atWarn()
                        .addKeyValue("reason", e)
                        .log("replies of the owners before are not read, to be tried again");
                Thread.sleep(PAUSE);
            }
        }
    }

    private static void logLoaded(Map<TopicPartition, HandoverState> left) {
        left.forEach((partition, found) -> log.atInfo()
                .addKeyValue("partition", partition.partition())
                .addKeyValue("offset", found.progress().position())
                .addKeyValue("running", found.progress().count(OffsetState.RUNNING))
                .addKeyValue("uncertain", found.progress().count(OffsetState.UNCERTAIN))
                .addKeyValue("answered", found.answered().size())
                .log("partition taken over"));
    }
}
