package dev.ncwrelay.delivery.messages.wait;

import dev.ncwrelay.delivery.limit.DeviceRateLimiter;
import dev.ncwrelay.delivery.messages.feed.Feed;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WaitConfiguration {

    /** One thread for all timeouts; their work runs on {@code waitWorkers}. */
    @Bean(destroyMethod = "shutdownNow")
    ScheduledThreadPoolExecutor waitTimers() {
        var timers = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("wait-timers").daemon().factory());
        timers.setRemoveOnCancelPolicy(true);
        return timers;
    }

    @Bean(destroyMethod = "shutdownNow")
    ExecutorService waitWorkers() {
        return Executors.newVirtualThreadPerTaskExecutor();
    }

    /** Defined here, because its limit is one of the wait settings. */
    @Bean
    DeviceRateLimiter deviceRateLimiter(WaitSettings settings) {
        return new DeviceRateLimiter(settings.perSecond(), System::nanoTime);
    }

    @Bean
    WaitRegistry waitRegistry(
            WaitSettings settings,
            Feed feed,
            ScheduledThreadPoolExecutor waitTimers,
            ExecutorService waitWorkers,
            MeterRegistry metrics) {
        var waits = new WaitRegistry(settings, waitTimers, waitWorkers, new Random(), metrics);
        feed.onEvents(waits::wake);
        return waits;
    }
}
