package dev.ncwrelay.delivery.call;

import dev.ncwrelay.delivery.publish.Publisher;
import dev.ncwrelay.delivery.reply.PastCalls;
import dev.ncwrelay.delivery.reply.Replies;
import dev.ncwrelay.delivery.reply.RpcSettings;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.schemas.kafka.KafkaConnection;
import dev.ncwrelay.schemas.serde.RecordCodec;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RpcConfiguration {

    private static final int READERS = 2;
    private static final int WAITING = 64;
    private static final int WAITING_PER_USER = 8;

    @Bean
    RpcCalls rpcCalls(
            RpcSettings settings, Replies replies, Publisher publisher, Clock clock, DeviceRegistry registry) {
        return new RpcCalls(settings, replies, publisher, clock, registry::device);
    }

    @Bean(destroyMethod = "shutdownNow")
    ExecutorService pastCallReaders() {
        var readers = new ThreadPoolExecutor(
                READERS,
                READERS,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(READERS),
                Thread.ofPlatform().name("past-calls-", 0).daemon().factory());
        readers.allowCoreThreadTimeOut(true);
        return readers;
    }

    @Bean
    RpcLookups rpcLookups(
            RpcCalls calls,
            Replies replies,
            KafkaConnection kafka,
            RecordCodec codec,
            RpcSettings settings,
            ExecutorService pastCallReaders,
            Clock clock) {
        var past = new PastCalls(kafka, codec, settings, clock);
        var turns = new LookupTurns(pastCallReaders, READERS, WAITING_PER_USER, WAITING);
        var held = new Unanswered(settings.calls(), settings.callsPerDevice());
        return new RpcLookups(calls, replies, past, turns, held, settings.memory());
    }

    @Bean
    MeterBinder rpcGauges(RpcCalls calls) {
        return metrics -> Gauge.builder("relay.delivery.rpc.unanswered", calls, RpcCalls::unanswered)
                .description("RPC calls taken here that have no answer yet")
                .register(metrics);
    }
}
