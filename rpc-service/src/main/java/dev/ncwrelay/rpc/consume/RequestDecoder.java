package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.rpc.partition.RecordContext;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decodes records. Waits for the schema registry when a schema is unknown: the bytes may be valid. */
final class RequestDecoder {

    private static final Logger log = LoggerFactory.getLogger(RequestDecoder.class);
    private static final Duration REGISTRY_PAUSE = Duration.ofSeconds(1);

    private final RecordCodec codec;

    RequestDecoder(RecordCodec codec) {
        this.codec = codec;
    }

    /** The request; {@link Decoded.RegistryDown} only when the partition is no longer assigned to this instance. */
    Decoded<RpcRequest> decode(ConsumerRecord<String, byte[]> record, RecordContext recordContext)
            throws InterruptedException {
        if (record.value() == null) {
            return new Decoded.Unreadable<>("no value");
        }
        while (true) {
            var decoded = codec.<RpcRequest>decode(Topics.RPC_REQUESTS, record.value());
            if (!(decoded instanceof Decoded.RegistryDown<RpcRequest>(var reason)) || !recordContext.isHeld()) {
                return decoded;
            }
            RecordCoordinates.addTo(log.atWarn(), record)
                    .addKeyValue("reason", reason)
                    .log("schema registry unavailable, request paused");
            Thread.sleep(REGISTRY_PAUSE);
        }
    }
}
