package dev.ncwrelay.rpc.credentials;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CredentialsConfiguration {

    @Bean
    Accounts accounts(FireblocksProperties properties) {
        return Accounts.read(properties);
    }

    @Bean
    CredentialsReloader credentialsReloader(Accounts accounts, FireblocksProperties properties) {
        return new CredentialsReloader(accounts.all(), properties.reloadInterval());
    }
}
