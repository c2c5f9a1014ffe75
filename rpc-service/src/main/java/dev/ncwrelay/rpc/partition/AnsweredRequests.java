package dev.ncwrelay.rpc.partition;

import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.kafka.tail.LogReader;
import dev.ncwrelay.rpc.request.RequestKey;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The requests that have a reply in Kafka. The replies of a device are in the partition of the same number as its
 * requests.
 */
final class AnsweredRequests {

    /**
     * Per partition, the newest: about 10 MB, as many as {@link RequestDeduplicator} keeps. Which of them belong to
     * unfinished requests is not known before those are read, so none is kept beyond the bound.
     */
    private static final int MAX_ENTRIES = 50_000;

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<String, byte[]> consumer;
    private final RecordCodec codec;

    AnsweredRequests(Consumer<String, byte[]> consumer, RecordCodec codec) {
        this.consumer = consumer;
        this.codec = codec;
    }

    /**
     * Reads the replies of each partition from a time to its current end.
     *
     * @param requests partitions of the requests topic
     * @param since milliseconds since the epoch
     * @return the offsets of the first replies, by partition number
     */
    Map<Integer, Map<RequestKey, Long>> since(Set<TopicPartition> requests, ToLongFunction<TopicPartition> since) {
        var times = new HashMap<TopicPartition, Long>();
        requests.forEach(partition -> times.put(replies(partition), since.applyAsLong(partition)));
        var answered = new HashMap<Integer, Map<RequestKey, Long>>();
        new LogReader(consumer).read(times, record -> add(record, answered));
        return answered;
    }

    /**
     * Reads the replies from these offsets on, for as long as they are wanted.
     *
     * @param from by partition of the requests topic
     */
    void follow(Map<TopicPartition, Long> from, HandoverReader.ReplyListener found, BooleanSupplier wanted) {
        consumer.assign(from.keySet().stream().map(AnsweredRequests::replies).toList());
        from.forEach((partition, offset) -> consumer.seek(replies(partition), offset));
        while (wanted.getAsBoolean()) {
            for (var record : consumer.poll(POLL)) {
                var requests = new TopicPartition(Topics.RPC_REQUESTS.name(), record.partition());
                request(record).ifPresent(request -> found.found(requests, request, record.offset()));
            }
        }
    }

    static TopicPartition replies(TopicPartition requests) {
        return new TopicPartition(Topics.RPC_REPLIES.name(), requests.partition());
    }

    private void add(ConsumerRecord<String, byte[]> record, Map<Integer, Map<RequestKey, Long>> answered) {
        request(record)
                .ifPresent(request -> answered.computeIfAbsent(record.partition(), _ -> new BoundedMap())
                        .putIfAbsent(request, record.offset()));
    }

    /** Empty when the record is not a readable reply: then no client has received one. */
    private Optional<RequestKey> request(ConsumerRecord<String, byte[]> record) {
        return switch (codec.<RpcReply>decode(Topics.RPC_REPLIES, record.value())) {
            case Decoded.Value<RpcReply>(var reply) ->
                Optional.of(new RequestKey(reply.getDeviceId(), reply.getRequestId()));
            case Decoded.RegistryDown<RpcReply>(var reason) ->
                throw new IllegalStateException("the replies cannot be read: " + reason);
            case Decoded.Unreadable<RpcReply> _ -> Optional.empty();
        };
    }

    /** Evicts the oldest beyond the bound. */
    private static final class BoundedMap extends LinkedHashMap<RequestKey, Long> {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RequestKey, Long> eldest) {
            return size() > MAX_ENTRIES;
        }
    }
}
