package dev.ncwrelay.rpc.partition;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** The timestamps of the first unfinished requests: a reply to an unfinished request is not older. */
final class FirstTimestamps {

    private final Consumer<String, byte[]> consumer;

    FirstTimestamps(Consumer<String, byte[]> consumer) {
        this.consumer = consumer;
    }

    /**
     * The timestamps of the first records at or after these offsets, in milliseconds since the epoch.
     *
     * @param starts below the end of each partition
     */
    Map<TopicPartition, Long> of(Map<TopicPartition, Long> starts) {
        var times = new HashMap<TopicPartition, Long>();
        if (starts.isEmpty()) {
            return times;
        }
        consumer.assign(starts.keySet());
        var beginnings = consumer.beginningOffsets(starts.keySet());
        starts.forEach((partition, offset) ->
                consumer.seek(partition, Math.max(offset, beginnings.getOrDefault(partition, 0L))));
        var deadline = new ReadDeadline("the first unfinished requests");
        while (times.size() < starts.size()) {
            for (var record : consumer.poll(ReadDeadline.POLL)) {
                times.putIfAbsent(new TopicPartition(record.topic(), record.partition()), record.timestamp());
            }
            consumer.pause(times.keySet());
            deadline.check();
        }
        return times;
    }
}
