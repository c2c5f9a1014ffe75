package dev.ncwrelay.rpc.limit;

import dev.ncwrelay.rpc.credentials.Accounts;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LimitConfiguration {

    @Bean
    PartitionShare partitionShare() {
        return new PartitionShare();
    }

    @Bean
    LimitMetrics limitMetrics(MeterRegistry meters) {
        return new LimitMetrics(meters);
    }

    @Bean
    AccountCircuitBreakers breakers(Accounts accounts, LimitMetrics metrics) {
        return new AccountCircuitBreakers(accounts, metrics, System::nanoTime);
    }
}
