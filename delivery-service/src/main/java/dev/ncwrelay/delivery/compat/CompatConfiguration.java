package dev.ncwrelay.delivery.compat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.ncwrelay.delivery.await.Pace;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CompatConfiguration {

    @Bean
    SlowedRequests slowedRequests(Pace pace, ScheduledExecutorService waitTimers, ExecutorService waitWorkers) {
        return new SlowedRequests(pace, waitTimers, waitWorkers);
    }

    @Bean
    Visibility visibility() {
        return new Visibility(Ticker.systemTicker());
    }
}
