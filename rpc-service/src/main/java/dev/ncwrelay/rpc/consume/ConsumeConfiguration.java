package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.rpc.call.CallGate;
import dev.ncwrelay.rpc.call.Invoker;
import dev.ncwrelay.rpc.call.PartitionShare;
import dev.ncwrelay.rpc.dispatch.DeviceDispatch;
import dev.ncwrelay.rpc.reply.AcknowledgedProducer;
import dev.ncwrelay.rpc.reply.Replies;
import dev.ncwrelay.rpc.takeover.KafkaTakeOver;
import dev.ncwrelay.schemas.kafka.KafkaConnection;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.startup.StartupCheck;
import dev.ncwrelay.schemas.thread.VitalThread;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ConsumeConfiguration {

    private static final Duration STARTUP_PAUSE = Duration.ofSeconds(1);

    @Bean
    StartupCheck startupCheck(KafkaConnection kafka, RecordCodec codec) {
        return new StartupCheck(kafka, codec, STARTUP_PAUSE);
    }

    /** What such a thread does not catch, an error above all, would leave its record unfinished for ever. */
    @Bean(destroyMethod = "shutdownNow")
    ExecutorService requestWorkers() {
        return Executors.newThreadPerTaskExecutor(VitalThread.virtualFactory("request-"));
    }

    @Bean
    DeviceDispatch deviceDispatch(DispatchProperties properties, ExecutorService requestWorkers) {
        return new DeviceDispatch(properties.bounds(), requestWorkers);
    }

    @Bean
    LoopState loopState(Clock clock) {
        return new LoopState(clock);
    }

    @Bean
    RequestHandler requestHandler(
            RecordCodec codec,
            Invoker invoker,
            Replies replies,
            AcknowledgedProducer deadLetters,
            DeviceDispatch dispatch,
            LoopState state,
            MeterRegistry meters,
            Clock clock) {
        var requestMeters = new RequestMeters(meters, dispatch, state);
        return new RequestHandler(codec, invoker, replies, deadLetters, requestMeters, clock);
    }

    @Bean
    Predecessors predecessors(
            KafkaConnection kafka,
            DispatchProperties properties,
            RecordCodec codec,
            ExecutorService requestWorkers,
            Clock clock) {
        var takeOver = new KafkaTakeOver(kafka, properties.group(), codec, properties.answeredMemory(), clock);
        return new Predecessors(takeOver, requestWorkers);
    }

    @Bean
    RequestLoop requestLoop(
            KafkaConnection kafka,
            DispatchProperties properties,
            RequestHandler handler,
            DeviceDispatch dispatch,
            Predecessors predecessors,
            CallGate gate,
            PartitionShare share,
            LoopState state) {
        return new RequestLoop(kafka, properties, handler, dispatch, predecessors, gate, share, state);
    }

    @Bean
    RequestIntake requestIntake(
            StartupCheck startup,
            RequestLoop loop,
            DeviceDispatch dispatch,
            ExecutorService requestWorkers,
            DispatchProperties properties) {
        return new RequestIntake(startup, loop, dispatch, requestWorkers, properties.grace(), () -> System.exit(1));
    }

    @Bean
    HealthIndicator startupHealthIndicator(StartupCheck startup) {
        return new StartupHealth(startup);
    }

    @Bean
    HealthIndicator requestsHealthIndicator(LoopState state, DeviceDispatch dispatch, Clock clock) {
        return new LoopHealth(state, dispatch, clock);
    }
}
