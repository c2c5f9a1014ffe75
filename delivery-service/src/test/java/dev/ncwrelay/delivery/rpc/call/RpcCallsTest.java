package dev.ncwrelay.delivery.rpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.rpc.reply.ReplyRegistry;
import dev.ncwrelay.delivery.rpc.reply.RequestKey;
import dev.ncwrelay.delivery.rpc.reply.RpcSettings;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.Templates;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

@Tag("kafka")
class RpcCallsTest {

    private static final RpcSettings ONE_CALL =
            new RpcSettings(Duration.ofMinutes(1), Duration.ofMinutes(5), DataSize.ofMegabytes(1), 1, 1);

    private static final int MAX_KNOWN_REQUESTS = 1_000;
    private static final Duration SOON = Duration.ofMinutes(1);

    private final RegisteredDevice device =
            new RegisteredDevice("device", "wallet", "user", null, Instant.EPOCH, Instant.EPOCH, 1, -1, null);
    private final ReplyRegistry replies = new ReplyRegistry(1_000_000, Duration.ofMinutes(5), Clock.systemUTC());
    /** Accepts writes, and completes none by itself. */
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());

    private final RpcCalls calls = new RpcCalls(
            ONE_CALL,
            MAX_KNOWN_REQUESTS,
            replies,
            new RecordSender(Templates.of(producer), SharedStack.get().codec(), LocalKafka.PARTITIONS),
            Clock.systemUTC(),
            System::nanoTime,
            _ -> Optional.of(device));

    /** Two concurrent calls with one id, both beyond the limit. */
    @Test
    void call_thatJoinsARefusedOne_isRefusedWithIt() {
        var _ = calls.start(device, "first", "{}", Map.of());
        var barrier = new CyclicBarrier(2);
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 2_000; round++) {
                var id = "round-" + round;
                var other = new CompletableFuture<Failure>();
                workers.execute(() -> {
                    await(barrier);
                    var _ = refusal(id, "{}").thenAccept(other::complete);
                });
                await(barrier);
                var one = refusal(id, "{}");

                assertThat(one).succeedsWithin(SOON).isInstanceOf(Failure.Unavailable.class);
                assertThat(other).succeedsWithin(SOON).isInstanceOf(Failure.Unavailable.class);
            }
        }
    }

    @Test
    void start_withAnIdOfTheNewest_isRefusedForAnotherMessage() {
        for (int request = 0; request < 2 * MAX_KNOWN_REQUESTS; request++) {
            var _ = calls.start(device, "request-" + request, "{}", Map.of());
            producer.completeNext();
            answer("request-" + request);
        }

        for (int request = MAX_KNOWN_REQUESTS; request < 2 * MAX_KNOWN_REQUESTS; request++) {
            assertThat(refusal("request-" + request, "[]")).isCompletedWithValue(new Failure.RequestIdInUse());
        }
    }

    private void answer(String requestId) {
        var key = new RequestKey(device.deviceId(), device.epoch(), requestId);
        var reply = new RpcReply(
                key.logId(), key.deviceId(), RpcOutcome.ANSWERED, 200, null, null, null, Instant.EPOCH, 0L);
        replies.read(reply, new ConsumerRecord<>("replies", 0, 0, key.deviceId(), new byte[0]));
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    private CompletableFuture<Failure> refusal(String requestId, String message) {
        try {
            return calls.start(device, requestId, message, Map.of())
                    .written()
                    .handle((_, thrown) -> FailureException.of(thrown).orElseThrow());
        } catch (FailureException refused) {
            return CompletableFuture.completedFuture(refused.failure());
        }
    }
}
