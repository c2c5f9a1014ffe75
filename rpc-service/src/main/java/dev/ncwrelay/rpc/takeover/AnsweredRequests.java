package dev.ncwrelay.rpc.takeover;

import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.rpc.request.RequestKey;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** The requests whose replies are on the log. A device's replies are in the partition of the same number as its requests. */
final class AnsweredRequests {

    private final Consumer<String, byte[]> consumer;
    private final RecordCodec codec;

    AnsweredRequests(Consumer<String, byte[]> consumer, RecordCodec codec) {
        this.consumer = consumer;
        this.codec = codec;
    }

    /**
     * Reads the replies from a time of each partition to its present end.
     *
     * @param requests partitions of the requests' topic
     * @param since milliseconds of the epoch
     * @return by the number of the partition
     */
    Map<Integer, Set<RequestKey>> since(Set<TopicPartition> requests, ToLongFunction<TopicPartition> since) {
        var times = new HashMap<TopicPartition, Long>();
        requests.forEach(partition -> times.put(
                new TopicPartition(Topics.RPC_REPLIES.name(), partition.partition()), since.applyAsLong(partition)));
        consumer.assign(times.keySet());
        var ends = consumer.endOffsets(times.keySet());
        var starts = consumer.offsetsForTimes(times);
        for (var partition : times.keySet()) {
            var start = starts.get(partition);
            // No answer means that no reply is that young.
            consumer.seek(partition, start == null ? ends.getOrDefault(partition, 0L) : start.offset());
        }
        return read(ends);
    }

    private Map<Integer, Set<RequestKey>> read(Map<TopicPartition, Long> ends) {
        var answered = new HashMap<Integer, Set<RequestKey>>();
        var patience = new Patience("the replies");
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (var record : consumer.poll(Patience.POLL)) {
                switch (codec.<RpcReply>decode(Topics.RPC_REPLIES, record.value())) {
                    case Decoded.Value<RpcReply>(var reply) ->
                        answered.computeIfAbsent(record.partition(), _ -> new HashSet<>())
                                .add(new RequestKey(reply.getDeviceId(), reply.getRequestId()));
                    case Decoded.RegistryDown<RpcReply>(var reason) ->
                        throw new IllegalStateException("the replies cannot be read: " + reason);
                    // No reply anybody can read, so none was given.
                    case Decoded.Unreadable<RpcReply> _ -> {}
                }
            }
            patience.check();
        }
        return answered;
    }
}
