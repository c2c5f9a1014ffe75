package dev.ncwrelay.delivery.http.connection;

import dev.ncwrelay.delivery.http.HttpSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ConnectionConfiguration {

    @Bean
    ClientConnectors clientConnectors(HttpSettings settings, ExecutorService waitWorkers, MeterRegistry metrics) {
        return new ClientConnectors(settings, waitWorkers, metrics);
    }
}
