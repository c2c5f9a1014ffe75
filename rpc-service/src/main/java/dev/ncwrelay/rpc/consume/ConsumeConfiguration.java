package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.access.KafkaNeeds;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterWriter;
import dev.ncwrelay.kafka.send.RetryingSender;
import dev.ncwrelay.kafka.startup.RefusedStart;
import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.rpc.call.Invoker;
import dev.ncwrelay.rpc.dispatch.DeviceDispatcher;
import dev.ncwrelay.rpc.limit.CallGate;
import dev.ncwrelay.rpc.limit.PartitionShare;
import dev.ncwrelay.rpc.partition.HandoverLoader;
import dev.ncwrelay.rpc.partition.KafkaHandoverReader;
import dev.ncwrelay.rpc.reply.ReplyPublisher;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ConsumeConfiguration {

    private static final Duration STARTUP_PAUSE = Duration.ofSeconds(1);

    @Bean
    KafkaAccess kafkaAccess(DispatchSettings settings) {
        return KafkaAccess.none()
                .tail(Topics.RPC_REQUESTS)
                .read(Topics.RPC_REPLIES.name())
                .write(Topics.RPC_REPLIES.name())
                .group(settings.group());
    }

    /** Waits for an unavailable broker; a broker that contradicts the configuration ends the process. */
    @Bean
    StartupCheck startupCheck(KafkaConnection kafka, RecordCodec codec, KafkaNeeds needs, ApplicationContext context) {
        return RefusedStart.exitsProcess(new StartupCheck(kafka, codec, needs, STARTUP_PAUSE), context);
    }

    /**
     * Critical threads: an error that a worker does not catch would leave its record unfinished, so it ends the
     * process.
     */
    @Bean(destroyMethod = "shutdownNow")
    ExecutorService requestWorkers() {
        return Executors.newThreadPerTaskExecutor(CriticalThread.virtualFactory("request-"));
    }

    @Bean
    DeviceDispatcher deviceDispatcher(DispatchSettings settings, ExecutorService requestWorkers) {
        return new DeviceDispatcher(settings.bounds(), requestWorkers);
    }

    @Bean
    PollLoopState pollLoopState(Clock clock) {
        return new PollLoopState(clock);
    }

    @Bean
    RequestHandler requestHandler(
            RecordCodec codec,
            Invoker invoker,
            ReplyPublisher replies,
            RetryingSender sender,
            DeviceDispatcher dispatch,
            PollLoopState state,
            MeterRegistry meters,
            Clock clock) {
        var requestMeters = new RequestMetrics(meters, dispatch, state);
        var deadLetters = new RequestDeadLetters(new DeadLetterWriter(meters), sender, requestMeters, clock);
        return new RequestHandler(codec, invoker, replies, deadLetters, requestMeters, clock);
    }

    @Bean
    HandoverLoader handoverLoader(
            KafkaConnection kafka,
            DispatchSettings settings,
            RecordCodec codec,
            ExecutorService requestWorkers,
            Clock clock) {
        var reader = new KafkaHandoverReader(kafka, settings.group(), codec, settings.answeredMemory(), clock);
        return new HandoverLoader(reader, requestWorkers);
    }

    @Bean
    PollLoop pollLoop(
            KafkaConnection kafka,
            DispatchSettings settings,
            RequestHandler handler,
            DeviceDispatcher dispatch,
            HandoverLoader handoverLoader,
            CallGate gate,
            PartitionShare share,
            PollLoopState state) {
        return new PollLoop(kafka, settings, handler, dispatch, handoverLoader, gate, share, state);
    }

    @Bean
    RequestConsumerLifecycle requestConsumerLifecycle(
            StartupCheck startup,
            PollLoop loop,
            DeviceDispatcher dispatch,
            ExecutorService requestWorkers,
            DispatchSettings settings) {
        return new RequestConsumerLifecycle(startup, loop, dispatch, requestWorkers, settings.grace());
    }

    @Bean
    HealthIndicator startupHealthIndicator(StartupCheck startup) {
        return new StartupHealth(startup);
    }

    @Bean
    HealthIndicator requestsHealthIndicator(PollLoopState state, DeviceDispatcher dispatch, Clock clock) {
        return new PollLoopHealth(state, dispatch, clock);
    }
}
