package dev.ncwrelay.delivery.demo;

import dev.ncwrelay.delivery.demo.user.DemoApiSettings;
import dev.ncwrelay.delivery.demo.user.UserDevices;
import dev.ncwrelay.delivery.demo.wallet.Wallets;
import dev.ncwrelay.delivery.device.registration.DeviceRegistrar;
import dev.ncwrelay.delivery.limit.DeviceRateLimiter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("relay.delivery.demo-api.enabled")
class DemoConfiguration {

    @Bean
    Wallets wallets(DemoApiSettings settings) {
        return new Wallets(settings.walletsUrl());
    }

    @Bean
    DemoUsers demoUsers(UserDevices devices, DeviceRateLimiter rateLimiter, DemoApiSettings settings) {
        return new DemoUsers(devices, rateLimiter, settings);
    }

    @Bean
    DeviceAssignment deviceAssignment(DeviceRegistrar registrar, DemoUsers users, Wallets wallets) {
        return new DeviceAssignment(registrar, users, wallets);
    }
}
