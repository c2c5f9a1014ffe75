package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.access.KafkaNeeds;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterWriter;
import dev.ncwrelay.kafka.send.RetryingSender;
import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.rpc.call.CallResult;
import dev.ncwrelay.rpc.call.Outcome;
import dev.ncwrelay.rpc.dispatch.DeviceDispatcher;
import dev.ncwrelay.rpc.limit.PartitionShare;
import dev.ncwrelay.rpc.partition.HandoverLoader;
import dev.ncwrelay.rpc.partition.NoPreviousOwner;
import dev.ncwrelay.rpc.reply.ReplyPublisher;
import dev.ncwrelay.rpc.reply.ReplyReader;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.Templates;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

@Tag("kafka")
class RequestConsumerLifecycleTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @Test
    void differentPartitionCount_keepsRequestsUnread() {
        // Given
        var stack = SharedStack.get();
        var wrong = KafkaConnection.to(stack.connection().bootstrapServers(), 13);
        var workers = Executors.newVirtualThreadPerTaskExecutor();
        var state = new PollLoopState(Clock.systemUTC());
        var loop = loop(wrong, state);
        var needs = KafkaNeeds.of(KafkaAccess.none().read(Topics.RPC_REQUESTS.name()));

        // When
        try (var startup = new StartupCheck(wrong, stack.codec(), needs, Duration.ofMillis(50))) {
            var intake = new RequestConsumerLifecycle(
                    startup,
                    loop,
                    new DeviceDispatcher(new DeviceDispatcher.Bounds(1, 1, 1_000, 1_000_000), workers),
                    workers,
                    Duration.ZERO);
            intake.start();

            // Then
            assertThat(startup.outcome().toCompletableFuture()).succeedsWithin(TIMEOUT);
            assertThat(new StartupHealth(startup).health().getDetails().get("cause"))
                    .asString()
                    .contains("relay.kafka.partitions is 13");
            assertThat(state.snapshot().joined()).isFalse();
            intake.stop();
            assertThat(intake.isRunning()).isFalse();
        }
    }

    @Test
    void endOfThePollThread_isReportedAtOnce() {
        var state = new PollLoopState(Clock.systemUTC());
        var loop = loop(SharedStack.get().connection(), state);

        loop.close();
        loop.run();

        assertThat(state.snapshot().trouble()).isEqualTo("the thread that reads requests has ended");
    }

    private static PollLoop loop(KafkaConnection kafka, PollLoopState state) {
        var clock = Clock.systemUTC();
        var codec = SharedStack.get().codec();
        var dispatch = new DeviceDispatcher(new DeviceDispatcher.Bounds(1, 1, 1_000, 1_000_000), Runnable::run);
        var sender = new RetryingSender(
                Templates.of(new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer())),
                Duration.ofMillis(1),
                Duration.ofMinutes(1),
                _ -> {});
        var meters = new SimpleMeterRegistry();
        var metrics = new RequestMetrics(meters, dispatch, state);
        var handler = new RequestHandler(
                codec,
                _ -> new CallResult(new Outcome.Expired(), Duration.ZERO),
                new ReplyPublisher(sender, new ReplyReader(Map.of()), codec, kafka.partitions(), clock),
                new RequestDeadLetters(new DeadLetterWriter(meters), sender, metrics, clock),
                metrics,
                clock);
        var settings = new DispatchSettings(
                "unused",
                1,
                1,
                1,
                DataSize.ofMegabytes(24),
                Duration.ofMinutes(5),
                Duration.ofSeconds(1),
                Duration.ZERO);
        var handoverLoader = new HandoverLoader(NoPreviousOwner.HANDOVER, Runnable::run);
        return new PollLoop(
                kafka, settings, handler, dispatch, handoverLoader, () -> false, new PartitionShare(), state);
    }
}
