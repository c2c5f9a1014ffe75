package dev.ncwrelay.delivery.device;

import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.send.RecordSender;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DeviceConfiguration {

    @Bean
    KafkaEndOffsets kafkaEndOffsets(KafkaConnection kafka) {
        return new KafkaEndOffsets(kafka);
    }

    @Bean
    DeviceRegistrar deviceRegistrar(
            DeviceRegistry registry,
            RecordSender sender,
            KafkaConnection kafka,
            KafkaEndOffsets ends,
            Clock clock,
            ExecutorService waitWorkers) {
        var registrations = new KafkaRegistrationStore(registry, sender, kafka.partitions());
        return new DeviceRegistrar(registrations, ends, clock, new SecureRandom(), waitWorkers);
    }
}
