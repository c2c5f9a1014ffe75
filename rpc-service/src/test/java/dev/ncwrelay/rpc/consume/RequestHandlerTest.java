package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.kafka.deadletter.DeadLetterWriter;
import dev.ncwrelay.kafka.deadletter.DeadLetters;
import dev.ncwrelay.kafka.send.RetryingSender;
import dev.ncwrelay.rpc.call.CallResult;
import dev.ncwrelay.rpc.call.Invoker;
import dev.ncwrelay.rpc.call.Outcome;
import dev.ncwrelay.rpc.dispatch.DeviceDispatcher;
import dev.ncwrelay.rpc.partition.NoPreviousOwner;
import dev.ncwrelay.rpc.partition.OffsetState;
import dev.ncwrelay.rpc.partition.PartitionAssignment;
import dev.ncwrelay.rpc.partition.PartitionProgress;
import dev.ncwrelay.rpc.partition.RecordContext;
import dev.ncwrelay.rpc.reply.ReplyPublisher;
import dev.ncwrelay.rpc.reply.ReplyReader;
import dev.ncwrelay.rpc.request.RequestKey;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.Templates;
import dev.ncwrelay.testkit.net.FreePort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The handler when Kafka, the schema registry or the call fails, with Kafka's MockProducer. */
@Tag("kafka")
class RequestHandlerTest {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.RPC_REQUESTS.name(), 0);

    /** For handlers that get no repeated requests. */
    private static final ReplyReader NO_REPLIES = new ReplyReader(Map.of());

    /** The common pool may have only one thread. */
    private static final Executor THREADS = work -> Thread.ofVirtual().start(work);

    private MockProducer<String, byte[]> kafka = producerWithLimit(Integer.MAX_VALUE);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private long readAt = System.nanoTime();
    private PartitionAssignment assignment = NoPreviousOwner.assignment(PARTITION);

    @Test
    void recordWithoutValue_becomesADeadLetter() throws Exception {
        handler(SharedStack.get().codec(), _ -> unreachable()).handle(record(null), recordContext());

        assertThat(isFinished()).isTrue();
        assertThat(sent()).singleElement().satisfies(letter -> {
            assertThat(letter.topic()).isEqualTo(Topics.RPC_REQUESTS.deadLetters());
            assertThat(letter.headers().lastHeader(DeadLetters.REASON).value())
                    .asString()
                    .isEqualTo("no value");
        });
        assertThat(count("dead_lettered", "none")).isEqualTo(1);
        assertThat(deadLetters("dead_lettered")).isEqualTo(1);
    }

    /** Kafka would reject it for its size for ever: its coordinates are kept without the value. */
    @Test
    void oversizedDeadLetter_isPublishedWithoutItsValue() throws Exception {
        // Given
        kafka = producerWithLimit(100);
        var poison = new byte[101];

        // When
        handler(SharedStack.get().codec(), _ -> unreachable()).handle(record(poison), recordContext());

        // Then
        assertThat(isFinished()).isTrue();
        assertThat(sent()).singleElement().satisfies(letter -> {
            assertThat(letter.topic()).isEqualTo(Topics.RPC_REQUESTS.deadLetters());
            assertThat(letter.value()).isNull();
            assertThat(letter.headers().lastHeader(DeadLetters.OFFSET).value())
                    .asString()
                    .isEqualTo("5");
            assertThat(letter.headers().lastHeader(DeadLetters.LEFT_OUT).value())
                    .asString()
                    .isEqualTo("101");
        });
        assertThat(count("dead_lettered_without_value", "none")).isEqualTo(1);
        assertThat(deadLetters("dead_lettered_without_value")).isEqualTo(1);
    }

    /** The record is kept, and the client gets a reply. */
    @Test
    void defectInTheCall_causesADeadLetterAndAnAmbiguousReply() throws Exception {
        var handler = handler(SharedStack.get().codec(), _ -> {
            throw new IllegalStateException("a bug");
        });

        handler.handle(record(request("get_all_keys")), recordContext());

        assertThat(isFinished()).isTrue();
        assertThat(sent())
                .extracting(ProducerRecord::topic)
                .containsExactly(Topics.RPC_REQUESTS.deadLetters(), Topics.RPC_REPLIES.name());
        assertThat(count("ambiguous", "get_all_keys")).isEqualTo(1);
    }

    /** A record without a possible reply does not block its partition either. */
    @Test
    @SuppressWarnings("NullAway") // An outcome that breaks the rules is the defect.
    void defectInTheReply_causesADeadLetter() throws Exception {
        var handler = handler(SharedStack.get().codec(), _ -> new CallResult(new Outcome.Unreachable("late"), null));

        handler.handle(record(request("get_all_keys")), recordContext());

        assertThat(isFinished()).isTrue();
        assertThat(sent())
                .singleElement()
                .satisfies(letter -> assertThat(letter.topic()).isEqualTo(Topics.RPC_REQUESTS.deadLetters()));
    }

    /** Nor does a record that cannot be rejected; repeated records of the request are finished with it. */
    @Test
    void defectInTheRejection_causesADeadLetter() throws Exception {
        // Given
        var codec = SharedStack.get().codec();
        var recordContext = recordContext();
        assignment.offsets().started(6, 0);
        var handler = handler(
                codec, new ReplyPublisher(producer(), NO_REPLIES, codec, 0, Clock.systemUTC()), _ -> unreachable());

        // When
        handler.refuse(record(request("enroll_player")), recordContext);
        handler.refuse(record(request("enroll_player")), recordContext(6, OffsetState.OPEN));

        // Then
        assertThat(isFinished()).isTrue();
        assertThat(sent())
                .extracting(ProducerRecord::topic)
                .containsExactly(Topics.RPC_REQUESTS.deadLetters(), Topics.RPC_REQUESTS.deadLetters());
    }

    /** An error is not specific to this request: it reaches the thread, which ends the process. */
    @Test
    void errorInTheCall_isNotCaught() {
        var handler = handler(SharedStack.get().codec(), _ -> {
            throw new LinkageError("injected");
        });

        assertThatThrownBy(() -> handler.handle(record(request("get_all_keys")), recordContext()))
                .isInstanceOf(LinkageError.class);

        assertThat(isFinished()).isFalse();
        assertThat(sent()).isEmpty();
    }

    /** The schema is not cached, and the registry is unavailable. */
    @Test
    void unavailableRegistry_leavesTheRecordUnfinished() throws Exception {
        // Given
        var nowhere = RegistryConnection.at(URI.create("http://127.0.0.1:" + FreePort.next()));
        var unknownSchema = new byte[] {0, 0, 0, 0, 99, 1, 2, 3};
        var recordContext = recordContext();
        assignment.close();

        // When
        try (var codec = new RecordCodec(nowhere)) {
            handler(codec, _ -> unreachable()).handle(record(unknownSchema), recordContext);
        }

        // Then
        assertThat(isFinished()).isFalse();
        assertThat(sent()).isEmpty();
    }

    @Test
    void reply_countsItsOutcomeByMethod() throws Exception {
        var handler = handler(SharedStack.get().codec(), _ -> unreachable());

        handler.handle(record(request("poll_mpc_msg")), recordContext());

        assertThat(isFinished()).isTrue();
        assertThat(sent())
                .singleElement()
                .satisfies(reply -> assertThat(reply.topic()).isEqualTo(Topics.RPC_REPLIES.name()));
        assertThat(count("unreachable", "poll_mpc_msg")).isEqualTo(1);
        assertThat(meters.timer("relay.rpc.requests.upstream").totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(7);
    }

    @Test
    void uncertainRequest_isCalledAgainOnlyIfRepeatable() throws Exception {
        var handler = handler(SharedStack.get().codec(), _ -> unreachable());

        handler.handle(record(request("enroll_player")), recordContext(OffsetState.UNCERTAIN));
        assertThat(count("ambiguous", "enroll_player")).isEqualTo(1);
        assertThat(isFinished()).isTrue();

        assignment = NoPreviousOwner.assignment(PARTITION);
        handler.handle(record(request("poll_mpc_msg")), recordContext(OffsetState.UNCERTAIN));
        assertThat(count("unreachable", "poll_mpc_msg")).isEqualTo(1);
    }

    /** The previous owner has released the partition and finishes the call. */
    @Test
    void requestRunningAtThePreviousOwner_isRepliedByIt() throws Exception {
        // Given
        var handler = handler(SharedStack.get().codec(), _ -> unreachable());
        var recordContext = recordContext(OffsetState.RUNNING);

        // When
        var handled =
                CompletableFuture.runAsync(() -> handle(handler, request("enroll_player"), recordContext), THREADS);
        assignment.requests().inheritedReply(new RequestKey("device-1", "another"), 1);
        assignment.requests().inheritedReply(new RequestKey("device-1", "request-1"), 2);

        // Then
        assertThat(handled).succeedsWithin(Duration.ofSeconds(20));
        assertThat(isFinished()).isTrue();
        assertThat(sent()).isEmpty();
    }

    /** It does not wait, not even for earlier records of its device. */
    @Test
    void rejectedRequest_isRepliedUnreachable() throws Exception {
        var handler = handler(SharedStack.get().codec(), _ -> {
            throw new IllegalStateException("a call");
        });
        var _ = assignment.sequencer().next("device-1");

        handler.refuse(record(request("enroll_player")), recordContext());

        assertThat(isFinished()).isTrue();
        assertThat(sent())
                .singleElement()
                .satisfies(reply -> assertThat(reply.topic()).isEqualTo(Topics.RPC_REPLIES.name()));
        assertThat(count("device_limit", "none")).isEqualTo(1);
    }

    /** Without the commit of its mark, a non-repeatable call is not made. */
    @Test
    void requestWithoutACommittedMark_isNotCalled() throws Exception {
        // Given
        var handler = handler(SharedStack.get().codec(), _ -> unreachable());
        var recordContext = recordContext();

        // When
        var handled =
                CompletableFuture.runAsync(() -> handle(handler, request("enroll_player"), recordContext), THREADS);
        await().until(assignment::needsCommit);
        assertThat(handled).isNotDone();
        assignment.drain();

        // Then
        assertThat(handled).succeedsWithin(Duration.ofMinutes(1));
        assertThat(sent()).isEmpty();
        assertThat(assignment.uncommitted().orElseThrow().progress()).isEqualTo(PartitionProgress.at(5));
    }

    @Test
    void repeatedRequest_isCalledOnceAndFinishedTwice() throws Exception {
        // Given
        var gate = new CountDownLatch(1);
        var calls = new AtomicInteger();
        var handler = handler(SharedStack.get().codec(), _ -> {
            calls.incrementAndGet();
            gate.await();
            return unreachable();
        });
        var first = recordContext();
        assignment.offsets().started(6, 0);

        // When
        var handled = CompletableFuture.runAsync(() -> handle(handler, request("poll_mpc_msg"), first), THREADS);
        await().untilAsserted(() -> assertThat(calls).hasValue(1));
        handler.handle(record(request("poll_mpc_msg")), recordContext(6, OffsetState.OPEN));
        gate.countDown();
        assertThat(handled).succeedsWithin(Duration.ofMinutes(1));

        // Then
        assertThat(calls).hasValue(1);
        assertThat(sent()).hasSize(1);
        assertThat(isFinished()).isTrue();
    }

    @Test
    void resultAfterTheEndOfTheAssignment_isNotPublished() throws Exception {
        var handler = handler(SharedStack.get().codec(), _ -> {
            assignment.close();
            return unreachable();
        });

        handler.handle(record(request("poll_mpc_msg")), recordContext());

        assertThat(sent()).isEmpty();
        assertThat(isFinished()).isFalse();
    }

    /** The time includes waiting for capacity, for the slot and for the schema. */
    @Test
    void addedTime_startsWhenTheRecordIsRead() throws Exception {
        var handler = handler(SharedStack.get().codec(), _ -> unreachable());
        readAt = System.nanoTime() - TimeUnit.HOURS.toNanos(1);

        handler.handle(record(request("poll_mpc_msg")), recordContext());

        assertThat(meters.timer("relay.rpc.requests.overhead").totalTime(TimeUnit.MINUTES))
                .isGreaterThan(59);
    }

    private static MockProducer<String, byte[]> producerWithLimit(int bytes) {
        return new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()) {
            @Override
            public Future<RecordMetadata> send(ProducerRecord<String, byte[]> record, Callback callback) {
                return record.value() != null && record.value().length > bytes
                        ? CompletableFuture.failedFuture(new RecordTooLargeException("injected"))
                        : super.send(record, callback);
            }
        };
    }

    private RecordContext recordContext() {
        return recordContext(OffsetState.OPEN);
    }

    private RecordContext recordContext(OffsetState inheritedState) {
        assignment.offsets().started(5, 0);
        return recordContext(5, inheritedState);
    }

    private RecordContext recordContext(long offset, OffsetState inheritedState) {
        return new RecordContext(
                assignment, offset, inheritedState, assignment.sequencer().next("device-1"), readAt);
    }

    private boolean isFinished() {
        return assignment.offsets().unfinished() == 0;
    }

    private double count(String result, String method) {
        return meters.counter("relay.rpc.requests", "result", result, "method", method)
                .count();
    }

    private double deadLetters(String result) {
        return meters.counter("relay.dead.letters", "topic", Topics.RPC_REQUESTS.deadLetters(), "result", result)
                .count();
    }

    private static void handle(RequestHandler handler, byte[] request, RecordContext recordContext) {
        try {
            handler.handle(record(request), recordContext);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private RetryingSender producer() {
        return new RetryingSender(Templates.of(kafka), Duration.ofMillis(1), Duration.ofMinutes(1), _ -> {});
    }

    private RequestHandler handler(RecordCodec codec, Invoker invoker) {
        return handler(codec, new ReplyPublisher(producer(), NO_REPLIES, codec, 12, Clock.systemUTC()), invoker);
    }

    private RequestHandler handler(RecordCodec codec, ReplyPublisher replies, Invoker invoker) {
        var clock = Clock.systemUTC();
        var metrics = new RequestMetrics(
                meters,
                new DeviceDispatcher(new DeviceDispatcher.Bounds(1, 1, 1_000, 1_000_000), Runnable::run),
                new PollLoopState(clock));
        var deadLetters = new RequestDeadLetters(new DeadLetterWriter(meters), producer(), metrics, clock);
        return new RequestHandler(codec, invoker, replies, deadLetters, metrics, clock);
    }

    private List<ProducerRecord<String, byte[]>> sent() {
        return kafka.history();
    }

    private static CallResult unreachable() {
        return new CallResult(new Outcome.Unreachable("connection refused"), Duration.ofMillis(7));
    }

    private static byte[] request(String method) {
        return SharedStack.get()
                .codec()
                .encode(
                        Topics.RPC_REQUESTS,
                        RpcRequest.newBuilder()
                                .setRequestId("request-1")
                                .setDeviceId("device-1")
                                .setWalletId("wallet-1")
                                .setPayload(ByteBuffer.wrap(
                                        ("{\"method\":\"" + method + "\"}").getBytes(StandardCharsets.UTF_8)))
                                .setCreatedAt(Instant.EPOCH)
                                .setDeadline(Instant.now().plusSeconds(60))
                                .build());
    }

    @SuppressWarnings("NullAway") // Kafka's records may have no value; its constructor does not say so.
    private static ConsumerRecord<String, byte[]> record(byte @Nullable [] value) {
        return new ConsumerRecord<>(Topics.RPC_REQUESTS.name(), 0, 5, "device-1", value);
    }
}
