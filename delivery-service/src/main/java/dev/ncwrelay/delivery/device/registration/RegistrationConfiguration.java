package dev.ncwrelay.delivery.device.registration;

import dev.ncwrelay.delivery.offset.EndOffsetLookup;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.schemas.Topics;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RegistrationConfiguration {

    @Bean
    DeviceRegistrar deviceRegistrar(
            DeviceRegistry registry,
            RecordSender sender,
            KafkaConnection kafka,
            EndOffsetLookup ends,
            Clock clock,
            ExecutorService waitWorkers) {
        var registrations = new KafkaRegistrationStore(registry, sender, kafka.partitions());
        return new DeviceRegistrar(
                registrations, partition -> endsOf(partition, ends), clock, new SecureRandom(), waitWorkers);
    }

    private static CompletableFuture<DeviceRegistrar.EndOffsets> endsOf(int partition, EndOffsetLookup ends) {
        return ends.of(Topics.DEVICES, partition)
                .thenCombine(ends.of(Topics.DEVICE_EVENTS, partition), DeviceRegistrar.EndOffsets::new);
    }
}
