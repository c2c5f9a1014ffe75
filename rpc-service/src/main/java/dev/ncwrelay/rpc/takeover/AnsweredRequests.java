package dev.ncwrelay.rpc.takeover;

import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.rpc.request.RequestKey;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.tail.LogScan;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
     * @return the offsets of the first replies, by the number of the partition
     */
    Map<Integer, Map<RequestKey, Long>> since(Set<TopicPartition> requests, ToLongFunction<TopicPartition> since) {
        var times = new HashMap<TopicPartition, Long>();
        requests.forEach(partition -> times.put(
                new TopicPartition(Topics.RPC_REPLIES.name(), partition.partition()), since.applyAsLong(partition)));
        var answered = new HashMap<Integer, Map<RequestKey, Long>>();
        new LogScan(consumer).read(times, record -> add(record, answered));
        return answered;
    }

    private void add(ConsumerRecord<String, byte[]> record, Map<Integer, Map<RequestKey, Long>> answered) {
        switch (codec.<RpcReply>decode(Topics.RPC_REPLIES, record.value())) {
            case Decoded.Value<RpcReply>(var reply) ->
                answered.computeIfAbsent(record.partition(), _ -> new HashMap<>())
                        .putIfAbsent(new RequestKey(reply.getDeviceId(), reply.getRequestId()), record.offset());
            case Decoded.RegistryDown<RpcReply>(var reason) ->
                throw new IllegalStateException("the replies cannot be read: " + reason);
            // No reply anybody can read, so none was given.
            case Decoded.Unreadable<RpcReply> _ -> {}
        }
    }
}
