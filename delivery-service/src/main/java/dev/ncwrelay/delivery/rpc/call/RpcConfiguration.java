package dev.ncwrelay.delivery.rpc.call;

import dev.ncwrelay.delivery.rpc.reply.CompletedCalls;
import dev.ncwrelay.delivery.rpc.reply.ReplyRegistry;
import dev.ncwrelay.delivery.rpc.reply.RpcSettings;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.send.RecordSender;
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

    /** About 80 MB. */
    private static final int MAX_KNOWN_REQUESTS = 200_000;

    private static final int READER_THREADS = 2;
    private static final int MAX_LOOKUPS = 64;
    private static final int MAX_LOOKUPS_PER_USER = 8;

    @Bean
    RpcCalls rpcCalls(
            RpcSettings settings, ReplyRegistry replies, RecordSender sender, Clock clock, DeviceRegistry registry) {
        return new RpcCalls(settings, MAX_KNOWN_REQUESTS, replies, sender, clock, System::nanoTime, registry::device);
    }

    @Bean(destroyMethod = "shutdownNow")
    ExecutorService pastCallReaders() {
        var readers = new ThreadPoolExecutor(
                READER_THREADS,
                READER_THREADS,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(READER_THREADS),
                Thread.ofPlatform().name("past-calls-", 0).daemon().factory());
        readers.allowCoreThreadTimeOut(true);
        return readers;
    }

    @Bean
    RpcLookups rpcLookups(
            RpcCalls calls,
            ReplyRegistry replies,
            KafkaConnection kafka,
            RecordCodec codec,
            RpcSettings settings,
            ExecutorService pastCallReaders,
            Clock clock) {
        var completedCalls = new CompletedCalls(kafka, codec, settings, clock);
        var queue = new FairLookupQueue(pastCallReaders, READER_THREADS, MAX_LOOKUPS_PER_USER, MAX_LOOKUPS);
        var inFlight = new InFlightCalls(settings.calls(), settings.callsPerDevice());
        return new RpcLookups(calls, replies, completedCalls, queue, inFlight, settings.memory());
    }

    @Bean
    MeterBinder rpcGauges(RpcCalls calls) {
        return metrics -> Gauge.builder("relay.delivery.rpc.calls.active", calls, RpcCalls::inFlight)
                .description("RPC calls in flight on this node")
                .register(metrics);
    }
}
