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

/** Publishes replies and waits for the acknowledgement. */
public final class ReplyPublisher {

    private final RetryingSender sender;
    private final ReplyReader replyReader;
    private final RecordCodec codec;
    private final int partitions;
    private final Clock clock;

    public ReplyPublisher(
            RetryingSender sender, ReplyReader replyReader, RecordCodec codec, int partitions, Clock clock) {
        this.sender = sender;
        this.replyReader = replyReader;
        this.codec = codec;
        this.partitions = partitions;
        this.clock = clock;
    }

    /**
     * Publishes the reply to a request.
     *
     * @param requestHeaders of the record of the request
     * @param wanted checked between retries
     * @return the offset of the acknowledged reply; empty when it was no longer wanted before that
     */
    public OptionalLong publish(RpcRequest request, Headers requestHeaders, CallResult result, BooleanSupplier wanted)
            throws InterruptedException {
        try {
            return sender.publish(record(request, requestHeaders, result), wanted);
        } catch (RecordTooLargeException e) {
            // The topic's maximum message size is below the largest response. Send a smaller reply so that the client
            // gets one.
            var tooLarge =
                    new CallResult(new Ambiguous("the response is too large for Kafka", true), result.upstream());
            return sender.publish(record(request, requestHeaders, tooLarge), wanted);
        }
    }

    /**
     * Publishes a stored reply again, for a repeated request: the node that the client now uses may have evicted it.
     *
     * @param offset of the reply, in the device's partition
     * @return false when it was no longer wanted; an expired reply is not published
     */
    public boolean republish(String deviceId, long offset, BooleanSupplier wanted) throws InterruptedException {
        var partition = new TopicPartition(Topics.RPC_REPLIES.name(), DevicePartition.of(deviceId, partitions));
        var found = replyReader.at(partition, offset, wanted);
        if (found.isEmpty()) {
            return wanted.getAsBoolean();
        }
        var before = found.get();
        var record = new ProducerRecord<>(
                partition.topic(), partition.partition(), before.key(), before.value(), before.headers());
        return sender.publish(record, wanted).isPresent();
    }

    private ProducerRecord<String, byte[]> record(RpcRequest request, Headers requestHeaders, CallResult result) {
        var record = new ProducerRecord<String, byte[]>(
                Topics.RPC_REPLIES.name(),
                DevicePartition.of(request.getDeviceId(), partitions),
                request.getDeviceId(),
                codec.encode(Topics.RPC_REPLIES, ReplyMapper.of(request, result, clock.instant())));
        TraceParent.of(requestHeaders).ifPresent(record.headers()::add);
        return record;
    }
}
