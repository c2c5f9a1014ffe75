package dev.ncwrelay.delivery.security;

import dev.ncwrelay.delivery.limit.DeviceRateLimiter;
import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
class OwnDeviceConfiguration implements WebMvcConfigurer {

    private final DeviceOwnership ownership;
    private final DeviceRateLimiter rateLimiter;

    OwnDeviceConfiguration(DeviceOwnership ownership, DeviceRateLimiter rateLimiter) {
        this.ownership = ownership;
        this.rateLimiter = rateLimiter;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new OwnDeviceResolver(ownership, rateLimiter));
    }
}
