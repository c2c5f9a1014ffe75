package dev.ncwrelay.delivery.compat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.ncwrelay.delivery.await.Pace;
import dev.ncwrelay.delivery.request.FilterOrder;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.UrlHandlerFilter;

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

    /** The demo backend takes a slash at the end of any path. */
    @Bean
    FilterRegistrationBean<UrlHandlerFilter> slashAtTheEnd() {
        var registration = new FilterRegistrationBean<>(
                UrlHandlerFilter.trailingSlashHandler("/api/**").wrapRequest().build());
        registration.setOrder(FilterOrder.TRAILING_SLASH);
        return registration;
    }
}
