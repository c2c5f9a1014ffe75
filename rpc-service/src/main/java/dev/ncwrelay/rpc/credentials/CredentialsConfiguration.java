package dev.ncwrelay.rpc.credentials;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CredentialsConfiguration {

    @Bean
    Accounts accounts(FireblocksSettings settings) {
        return Accounts.read(settings);
    }

    @Bean
    CredentialsReloader credentialsReloader(Accounts accounts, FireblocksSettings settings) {
        return new CredentialsReloader(accounts.all(), settings.reloadInterval());
    }
}
