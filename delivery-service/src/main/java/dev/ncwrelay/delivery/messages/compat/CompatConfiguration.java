package dev.ncwrelay.delivery.messages.compat;

import dev.ncwrelay.delivery.http.FilterOrder;
import dev.ncwrelay.delivery.limit.DeviceRateLimiter;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.UrlHandlerFilter;

@Configuration(proxyBeanMethods = false)
class CompatConfiguration {

    @Bean
    ThrottledRequests throttledRequests(
            DeviceRateLimiter rateLimiter, ScheduledExecutorService waitTimers, ExecutorService waitWorkers) {
        return new ThrottledRequests(rateLimiter, waitTimers, waitWorkers);
    }

    @Bean
    VisibilityTimeouts visibilityTimeouts() {
        return new VisibilityTimeouts(System::nanoTime);
    }

    /** The demo backend accepts a slash at the end of any path. */
    @Bean
    FilterRegistrationBean<UrlHandlerFilter> trailingSlashFilter() {
        var registration = new FilterRegistrationBean<>(
                UrlHandlerFilter.trailingSlashHandler("/api/**").wrapRequest().build());
        registration.setOrder(FilterOrder.TRAILING_SLASH);
        return registration;
    }
}
