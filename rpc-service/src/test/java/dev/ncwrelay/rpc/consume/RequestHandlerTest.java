package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.rpc.call.Invoked;
import dev.ncwrelay.rpc.call.Invoker;
import dev.ncwrelay.rpc.call.Outcome;
import dev.ncwrelay.rpc.reply.AcknowledgedProducer;
import dev.ncwrelay.rpc.reply.Replies;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.kafka.DeadLetters;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import dev.ncwrelay.testkit.kafka.FreePort;
import dev.ncwrelay.testkit.kafka.SharedStack;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the handler does when its neighbours are not well, on Kafka's own fake producer. */
class RequestHandlerTest {

    private final MockProducer<String, byte[]> kafka =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void recordWithoutAValue_isADeadLetter() throws Exception {
        boolean finished =
                handler(SharedStack.get().codec(), _ -> unreachable()).handle(record(null), () -> true);

        assertThat(finished).isTrue();
        assertThat(sent()).singleElement().satisfies(letter -> {
            assertThat(letter.topic()).isEqualTo(Topics.RPC_REQUESTS.deadLetters());
            assertThat(letter.headers().lastHeader(DeadLetters.REASON).value())
                    .asString()
                    .isEqualTo("no value");
        });
        assertThat(meters.counter("relay.rpc.requests", "result", "dead_lettered")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void defectInTheCall_endsInTheDeadLetters() throws Exception {
        var handler = handler(SharedStack.get().codec(), _ -> {
            throw new IllegalStateException("a bug");
        });

        assertThat(handler.handle(record(request()), () -> true)).isTrue();

        assertThat(sent())
                .singleElement()
                .satisfies(letter -> assertThat(letter.topic()).isEqualTo(Topics.RPC_REQUESTS.deadLetters()));
    }

    /** A schema that is not known here, and a registry that cannot be asked. */
    @Test
    void registryAway_leavesTheRecordUnfinished() throws Exception {
        // Given
        var nowhere = RegistryConnection.at(URI.create("http://127.0.0.1:" + FreePort.next()));
        var unknownSchema = new byte[] {0, 0, 0, 0, 99, 1, 2, 3};
        var held = List.of(true, false).iterator();

        // When
        boolean finished;
        try (var codec = new RecordCodec(nowhere)) {
            finished = handler(codec, _ -> unreachable()).handle(record(unknownSchema), () -> next(held));
        }

        // Then
        assertThat(finished).isFalse();
        assertThat(sent()).isEmpty();
    }

    @Test
    void reply_countsItsOutcome() throws Exception {
        var handler = handler(SharedStack.get().codec(), _ -> unreachable());

        assertThat(handler.handle(record(request()), () -> true)).isTrue();

        assertThat(sent())
                .singleElement()
                .satisfies(reply -> assertThat(reply.topic()).isEqualTo(Topics.RPC_REPLIES.name()));
        assertThat(meters.counter("relay.rpc.requests", "result", "unreachable").count())
                .isEqualTo(1);
        assertThat(meters.timer("relay.rpc.upstream").totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(7);
    }

    private RequestHandler handler(RecordCodec codec, Invoker invoker) {
        var clock = Clock.systemUTC();
        var producer = new AcknowledgedProducer(() -> kafka, Duration.ofMillis(1));
        return new RequestHandler(
                codec,
                invoker,
                new Replies(producer, codec, 12, clock),
                producer,
                new RequestMeters(meters, new BoundedDispatch(1, Runnable::run)),
                clock);
    }

    private List<ProducerRecord<String, byte[]>> sent() {
        return kafka.history();
    }

    private static Invoked unreachable() {
        return new Invoked(new Outcome.Unreachable("nobody there"), Duration.ofMillis(7));
    }

    private static boolean next(Iterator<Boolean> values) {
        return values.next();
    }

    private static byte[] request() {
        return SharedStack.get()
                .codec()
                .encode(
                        Topics.RPC_REQUESTS,
                        RpcRequest.newBuilder()
                                .setRequestId("request-1")
                                .setDeviceId("device-1")
                                .setWalletId("wallet-1")
                                .setPayload(ByteBuffer.wrap("{}".getBytes(StandardCharsets.UTF_8)))
                                .setCreatedAt(Instant.EPOCH)
                                .setDeadline(Instant.EPOCH)
                                .build());
    }

    @SuppressWarnings("NullAway") // Kafka's records may have no value; its constructor does not say so.
    private static ConsumerRecord<String, byte[]> record(byte @Nullable [] value) {
        return new ConsumerRecord<>(Topics.RPC_REQUESTS.name(), 0, 5, "device-1", value);
    }
}
