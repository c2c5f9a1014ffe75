package dev.ncwrelay.rpc.partition;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The progress of each partition that one commit writes. */
record Commit(Map<PartitionAssignment, OffsetTracker.Snapshot> snapshots) {

    static Commit of(Collection<PartitionAssignment> assignments) {
        var snapshots = new HashMap<PartitionAssignment, OffsetTracker.Snapshot>();
        for (var assignment : assignments) {
            assignment.uncommitted().ifPresent(snapshot -> snapshots.put(assignment, snapshot));
        }
        return new Commit(snapshots);
    }

    boolean isEmpty() {
        return snapshots.isEmpty();
    }

    Map<TopicPartition, OffsetAndMetadata> offsets() {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        snapshots.forEach((assignment, snapshot) -> offsets.put(
                assignment.partition(),
                new OffsetAndMetadata(snapshot.progress().position(), ProgressCodec.write(snapshot.progress()))));
        return offsets;
    }

    void succeeded() {
        snapshots.forEach(PartitionAssignment::committed);
    }

    void failed() {
        snapshots.keySet().forEach(PartitionAssignment::commitFailed);
    }
}
