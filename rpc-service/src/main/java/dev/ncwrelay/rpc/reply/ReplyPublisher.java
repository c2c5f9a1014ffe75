package dev.ncwrelay.rpc.reply;

import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.kafka.send.RetryingSender;
import dev.ncwrelay.rpc.call.CallResult;
import dev.ncwrelay.rpc.call.Outcome.Ambiguous;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Clock;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;

/** The replies topic. */
public final class ReplyPublisher {

    private final RetryingSender producer;
    private final ReplyReader log;
    private final RecordCodec codec;
    private final int partitions;
    private final Clock clock;

    public ReplyPublisher(RetryingSender producer, ReplyReader log, RecordCodec codec, int partitions, Clock clock) {
        this.producer = producer;
        this.log = log;
        this.codec = codec;
        this.partitions = partitions;
        this.clock = clock;
    }

    /**
     * Publishes the reply to a request.
     *
     * @param requestHeaders of the record that the request came in
     * @return its offset when the broker has it, nothing when it was no longer wanted before that
     */
    public OptionalLong publish(RpcRequest request, Headers requestHeaders, CallResult invoked, BooleanSupplier wanted)
            throws InterruptedException {
        try {
            return producer.publish(record(request, requestHeaders, invoked), wanted);
        } catch (RecordTooLargeException e) {
            // Kafka is set to carry less than the largest answer; the client must hear something nevertheless.
            var tooLarge =
                    new CallResult(new Ambiguous("the answer is too large for the log", true), invoked.upstream());
            return producer.publish(record(request, requestHeaders, tooLarge), wanted);
        }
    }

    /**
     * Publishes a reply that is on the log once more, for who asked again: it may be gone from the memory of the node
     * that the client asks now.
     *
     * @param offset of the reply, in the device's partition
     * @return false when it was no longer wanted; a reply that the log does not keep any more is not published
     */
    public boolean republish(String deviceId, long offset, BooleanSupplier wanted) throws InterruptedException {
        var partition = new TopicPartition(Topics.RPC_REPLIES.name(), DevicePartition.of(deviceId, partitions));
        var found = log.at(partition, offset, wanted);
        if (found.isEmpty()) {
            return wanted.getAsBoolean();
        }
        var before = found.get();
        var record = new ProducerRecord<>(
                partition.topic(), partition.partition(), before.key(), before.value(), before.headers());
        return producer.publish(record, wanted).isPresent();
    }

    private ProducerRecord<String, byte[]> record(RpcRequest request, Headers requestHeaders, CallResult invoked) {
        var record = new ProducerRecord<String, byte[]>(
                Topics.RPC_REPLIES.name(),
                DevicePartition.of(request.getDeviceId(), partitions),
                request.getDeviceId(),
                codec.encode(Topics.RPC_REPLIES, ReplyMapper.of(request, invoked, clock.instant())));
        TraceParent.of(requestHeaders).ifPresent(record.headers()::add);
        return record;
    }
}
