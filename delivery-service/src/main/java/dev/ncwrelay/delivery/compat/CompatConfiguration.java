package dev.ncwrelay.delivery.compat;

import com.github.benmanes.caffeine.cache.Ticker;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CompatConfiguration {

    @Bean
    Visibility visibility() {
        return new Visibility(Ticker.systemTicker());
    }
}
