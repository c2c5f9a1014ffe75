package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.rpc.takeover.TakeOver;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out beside the poll thread what the owners before left of new partitions, as often as it takes. */
final class Predecessors {

    private static final Logger log = LoggerFactory.getLogger(Predecessors.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final TakeOver takeOver;
    private final Executor threads;

    Predecessors(TakeOver takeOver, Executor threads) {
        this.takeOver = takeOver;
        this.threads = threads;
    }

    /** @param found called when these may be read */
    void find(List<PartitionAssignment> assignments, Runnable found) {
        try {
            threads.execute(() -> findAll(assignments, found));
        } catch (RejectedExecutionException e) {
            log.atDebug().log("partitions assigned while the service stops");
        }
    }

    private void findAll(List<PartitionAssignment> assignments, Runnable found) {
        try {
            while (!Thread.interrupted()) {
                var wanted = assignments.stream()
                        .filter(PartitionAssignment::isTakingOver)
                        .toList();
                if (wanted.isEmpty() || tryOnce(wanted)) {
                    found.run();
                    return;
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean tryOnce(List<PartitionAssignment> wanted) {
        try {
            var left = takeOver.of(
                    wanted.stream().map(PartitionAssignment::partition).collect(Collectors.toSet()));
            wanted.forEach(
                    assignment -> assignment.takenOver(Objects.requireNonNull(left.get(assignment.partition()))));
            return true;
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("reason", e).log("what the owners before left is not known yet");
            return false;
        }
    }
}
