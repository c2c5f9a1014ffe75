package dev.ncwrelay.delivery.messages.subscription;

import dev.ncwrelay.delivery.messages.stream.DeviceStreams;
import dev.ncwrelay.delivery.messages.wait.WaitRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SubscriptionConfiguration {

    @Bean
    Subscriptions subscriptions(
            DeviceStreams streams,
            WaitRegistry waits,
            SubscriptionSettings settings,
            ScheduledThreadPoolExecutor waitTimers,
            ExecutorService waitWorkers,
            MeterRegistry metrics) {
        return new Subscriptions(streams, waits, settings, waitTimers, waitWorkers, new Random(), metrics);
    }
}
