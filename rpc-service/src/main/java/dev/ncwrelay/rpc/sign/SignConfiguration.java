package dev.ncwrelay.rpc.sign;

import dev.ncwrelay.rpc.credentials.FireblocksProperties;
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
    Accounts accounts(FireblocksProperties properties, Clock clock) {
        return Accounts.of(properties, clock, UUID::randomUUID);
    }

    @Bean
    CredentialsReloader credentialsReload(Accounts accounts, FireblocksProperties properties) {
        return new CredentialsReloader(accounts.all(), properties.reloadInterval());
    }
}
