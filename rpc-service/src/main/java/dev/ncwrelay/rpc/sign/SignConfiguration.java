package dev.ncwrelay.rpc.sign;

import dev.ncwrelay.rpc.credentials.FireblocksSettings;
import java.time.Clock;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SignConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    RequestSigner requestSigner(FireblocksSettings settings, Clock clock) {
        return new RequestSigner(settings.tokenLifetime(), clock, UUID::randomUUID);
    }
}
