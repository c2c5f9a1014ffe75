package dev.ncwrelay.rpc.partition;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** When the first unfinished requests were written: no reply to anything unfinished is older. */
final class FirstTimestamps {

    private final Consumer<String, byte[]> consumer;

    FirstTimestamps(Consumer<String, byte[]> consumer) {
        this.consumer = consumer;
    }

    /**
     * The times of the first records at or behind these offsets, in milliseconds of the epoch.
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
        var patience = new ReadDeadline("the first unfinished requests");
        while (times.size() < starts.size()) {
            for (var record : consumer.poll(ReadDeadline.POLL)) {
                times.putIfAbsent(new TopicPartition(record.topic(), record.partition()), record.timestamp());
            }
            consumer.pause(times.keySet());
            patience.check();
        }
        return times;
    }
}
