package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.rpc.partition.RecordContext;
import dev.ncwrelay.rpc.request.RequestKey;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A decoded request, as the steps of {@link RequestHandler} hand it on.
 *
 * @param record that the request was read from
 * @param recordContext admits the record and keeps its progress
 */
record RequestContext(ConsumerRecord<String, byte[]> record, RecordContext recordContext, RpcRequest request) {

    RequestKey key() {
        return new RequestKey(request.getDeviceId(), request.getRequestId());
    }
}
