package dev.ncwrelay.rpc.sign;

import dev.ncwrelay.rpc.credentials.FireblocksSettings;
import dev.ncwrelay.rsa.RsaConfiguration;
import dev.ncwrelay.rsa.RsaProvider;
import java.time.Clock;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@Configuration(proxyBeanMethods = false)
@Import(RsaConfiguration.class)
class SignConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    RequestSigner requestSigner(FireblocksSettings settings, Clock clock, RsaProvider rsa) {
        return new RequestSigner(settings.tokenLifetime(), clock, UUID::randomUUID, rsa);
    }
}
