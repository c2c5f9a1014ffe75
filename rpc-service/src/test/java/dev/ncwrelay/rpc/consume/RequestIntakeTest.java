package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.rpc.call.Invoked;
import dev.ncwrelay.rpc.call.Outcome;
import dev.ncwrelay.rpc.call.PartitionShare;
import dev.ncwrelay.rpc.dispatch.DeviceDispatch;
import dev.ncwrelay.rpc.reply.AcknowledgedProducer;
import dev.ncwrelay.rpc.reply.Replies;
import dev.ncwrelay.rpc.reply.ReplyLog;
import dev.ncwrelay.schemas.kafka.KafkaConnection;
import dev.ncwrelay.schemas.startup.StartupCheck;
import dev.ncwrelay.testkit.kafka.SharedStack;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

@Tag("kafka")
class RequestIntakeTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    void otherNumberOfPartitionsThanTheBrokers_endsTheProcess() {
        // Given
        var stack = SharedStack.get();
        var wrong = new KafkaConnection(stack.connection().bootstrapServers(), 13);
        var exits = new AtomicInteger();
        var workers = Executors.newVirtualThreadPerTaskExecutor();
        var state = new LoopState(Clock.systemUTC());
        var loop = loop(wrong, state);

        // When
        try (var startup = new StartupCheck(wrong, stack.codec(), Duration.ofMillis(50))) {
            var intake = new RequestIntake(
                    startup,
                    loop,
                    new DeviceDispatch(new DeviceDispatch.Bounds(1, 1, 1_000, 1_000_000), workers),
                    workers,
                    Duration.ZERO,
                    exits::incrementAndGet);
            intake.start();

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(exits).hasValue(1));
            assertThat(new StartupHealth(startup).health().getDetails().get("cause"))
                    .asString()
                    .contains("relay.kafka.partitions is 13");
            assertThat(state.snapshot().joined()).isFalse();
            intake.stop();
            assertThat(intake.isRunning()).isFalse();
        }
    }

    @Test
    void endOfThePollThread_isTroubleAtOnce() {
        var state = new LoopState(Clock.systemUTC());
        var loop = loop(SharedStack.get().connection(), state);

        loop.close();
        loop.run();

        assertThat(state.snapshot().trouble()).isEqualTo("the thread that reads requests has ended");
    }

    private static RequestLoop loop(KafkaConnection kafka, LoopState state) {
        var clock = Clock.systemUTC();
        var codec = SharedStack.get().codec();
        var dispatch = new DeviceDispatch(new DeviceDispatch.Bounds(1, 1, 1_000, 1_000_000), Runnable::run);
        var producer = new AcknowledgedProducer(
                () -> new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()),
                Duration.ofMillis(1),
                Duration.ofMinutes(1),
                _ -> {});
        var handler = new RequestHandler(
                codec,
                _ -> new Invoked(new Outcome.Expired(), Duration.ZERO),
                new Replies(producer, new ReplyLog(Map.of()), codec, kafka.partitions(), clock),
                producer,
                new RequestMeters(new SimpleMeterRegistry(), dispatch, state),
                clock);
        var properties = new DispatchProperties(
                "unused",
                1,
                1,
                1,
                DataSize.ofMegabytes(24),
                Duration.ofMinutes(5),
                Duration.ofSeconds(1),
                Duration.ZERO);
        var predecessors = new Predecessors(NoPredecessor.TAKE_OVER, Runnable::run);
        return new RequestLoop(
                kafka, properties, handler, dispatch, predecessors, () -> false, new PartitionShare(), state);
    }
}
