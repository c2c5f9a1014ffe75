package dev.ncwrelay.delivery;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.tail.TailStart;
import dev.ncwrelay.kafka.tail.TopicTail;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Replaces rpc-service: reads all requests of the shared Kafka, and writes the replies that a test wants. */
final class FakeRpcService implements AutoCloseable {

    private static final String CLIENT_ID = "fake-rpc";

    private final Producer<String, byte[]> producer;
    private final TopicTail<RpcRequest> requests;

    /** What is done with each request. */
    interface Answering {
        void answer(FakeRpcService rpc, RpcRequest request, Headers headers);
    }

    private FakeRpcService(KafkaConnection kafka, Answering answering) {
        producer = new KafkaProducer<>(kafka.producer(CLIENT_ID));
        requests = TopicTail.start(
                Topics.RPC_REQUESTS,
                new TailStart.Beginning(),
                kafka,
                CLIENT_ID,
                SharedStack.get().codec(),
                letter -> {
                    throw new AssertionError("unreadable request");
                },
                (request, at) -> {
                    if (request != null) {
                        answering.answer(this, request, at.headers());
                    }
                });
    }

    /** Starts it, and returns when it has read up to the end of the topic. */
    static FakeRpcService start(Answering answering) throws Exception {
        return start(SharedStack.get().connection(), answering);
    }

    /** The same beside another broker. */
    static FakeRpcService start(KafkaConnection kafka, Answering answering) throws Exception {
        var rpc = new FakeRpcService(kafka, answering);
        rpc.requests.caughtUp().toCompletableFuture().get(60, TimeUnit.SECONDS);
        return rpc;
    }

    static String payload(RpcRequest request) {
        return StandardCharsets.UTF_8.decode(request.getPayload().duplicate()).toString();
    }

    void reply(RpcRequest request, RpcOutcome outcome, int status, @Nullable String body) {
        var reply = RpcReply.newBuilder()
                .setRequestId(request.getRequestId())
                .setDeviceId(request.getDeviceId())
                .setOutcome(outcome)
                .setStatus(status)
                .setBody(body == null ? null : ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)))
                .setDetail("as the test wants")
                .setCompletedAt(Instant.now())
                .build();
        send(Topics.RPC_REPLIES, request.getDeviceId(), reply);
    }

    /** Writes any record to the device's partition. */
    <T extends SpecificRecord> void send(Topic<T> topic, String device, T value) {
        var _ = producer.send(new ProducerRecord<>(
                topic.name(),
                DevicePartition.of(device, LocalKafka.PARTITIONS),
                device,
                SharedStack.get().codec().encode(topic, value)));
    }

    @Override
    public void close() {
        requests.close();
        producer.close();
    }
}
