package dev.ncwrelay.delivery.register;

import dev.ncwrelay.delivery.publish.Publisher;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.schemas.kafka.KafkaConnection;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RegisterConfiguration {

    @Bean
    LogEnds registrationLogEnds(KafkaConnection kafka) {
        return new LogEnds(kafka);
    }

    @Bean
    Registering registering(
            DeviceRegistry registry,
            Publisher publisher,
            KafkaConnection kafka,
            LogEnds ends,
            Clock clock,
            ExecutorService waitWorkers) {
        var registrations = new KafkaRegistrations(registry, publisher, kafka.partitions());
        return new Registering(registrations, ends, clock, new SecureRandom(), waitWorkers);
    }
}
