package dev.ncwrelay.delivery.messages.ack;

import dev.ncwrelay.delivery.messages.feed.Generation;
import dev.ncwrelay.kafka.send.RecordSender;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AckConfiguration {

    @Bean
    AckPositions ackPositions(
            RecordSender sender,
            Generation generation,
            ConsumerSettings settings,
            Clock clock,
            ExecutorService waitWorkers) {
        return new AckPositions(sender, generation, UUID.randomUUID().toString(), settings, clock, waitWorkers);
    }

    @Bean
    AckPositionMaintenance ackPositionMaintenance() {
        return new AckPositionMaintenance();
    }
}
