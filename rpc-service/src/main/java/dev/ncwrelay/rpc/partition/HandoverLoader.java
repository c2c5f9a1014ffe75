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

/** Loads the hand-over state of newly assigned partitions in the background, with retries. */
public final class HandoverLoader {

    private static final Logger log = LoggerFactory.getLogger(HandoverLoader.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final HandoverReader reader;
    private final Executor threads;

    public HandoverLoader(HandoverReader reader, Executor threads) {
        this.reader = reader;
        this.threads = threads;
    }

    /**
     * Loads the hand-over state of newly assigned partitions on another thread.
     *
     * @param loaded called when these partitions may be read
     */
    public void load(List<PartitionAssignment> assignments, Runnable loaded) {
        try {
            threads.execute(() -> loadAll(assignments, loaded));
        } catch (RejectedExecutionException e) {
            log.atDebug().log("partitions assigned while the service is stopping");
        }
    }

    private void loadAll(List<PartitionAssignment> assignments, Runnable loaded) {
        try {
            while (!Thread.interrupted()) {
                var wanted = assignments.stream()
                        .filter(PartitionAssignment::isLoadingHandover)
                        .toList();
                if (wanted.isEmpty()) {
                    loaded.run();
                    return;
                }
                var states = tryOnce(wanted);
                if (states.isPresent()) {
                    loaded.run();
                    follow(wanted, states.get());
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
            var states = reader.load(
                    wanted.stream().map(PartitionAssignment::partition).collect(Collectors.toSet()));
            wanted.forEach(assignment -> assignment.open(Objects.requireNonNull(states.get(assignment.partition()))));
            logLoaded(states);
            return Optional.of(states);
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("reason", e).log("loading hand-over state failed, will retry");
            return Optional.empty();
        }
    }

    /**
     * Reads the replies that previous owners still send: their calls may be in flight, even after their sessions timed
     * out.
     */
    private void follow(List<PartitionAssignment> assignments, Map<TopicPartition, HandoverState> states)
            throws InterruptedException {
        var uncertain = assignments.stream()
                .filter(PartitionAssignment::hasUncertain)
                .collect(Collectors.toMap(PartitionAssignment::partition, Function.identity()));
        var from = new HashMap<TopicPartition, Long>();
        uncertain
                .keySet()
                .forEach(partition -> from.put(
                        partition, Objects.requireNonNull(states.get(partition)).repliesEnd()));
        BooleanSupplier wanted = () -> uncertain.values().stream().anyMatch(PartitionAssignment::hasUncertain);
        while (wanted.getAsBoolean()) {
            try {
                reader.follow(
                        from,
                        (partition, request, offset) -> Objects.requireNonNull(uncertain.get(partition))
                                .requests()
                                .inheritedReply(request, offset),
                        wanted);
            } catch (InterruptException e) {
                Thread.interrupted();
                throw new InterruptedException("interrupted while following replies");
            } catch (RuntimeException e) {
                log.atWarn().addKeyValue("reason", e).log("reading replies of previous owners failed, will retry");
                Thread.sleep(PAUSE);
            }
        }
    }

    private static void logLoaded(Map<TopicPartition, HandoverState> states) {
        states.forEach((partition, state) -> log.atInfo()
                .addKeyValue("partition", partition.partition())
                .addKeyValue("offset", state.progress().position())
                .addKeyValue("running", state.progress().count(OffsetState.RUNNING))
                .addKeyValue("uncertain", state.progress().count(OffsetState.UNCERTAIN))
                .addKeyValue("answered", state.answered().size())
                .log("hand-over state loaded"));
    }
}
