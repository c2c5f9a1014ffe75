package dev.ncwrelay.delivery.offset;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OffsetConfiguration {

    @Bean
    EndOffsetLookup endOffsetLookup(KafkaConnection kafka) {
        return new EndOffsetLookup(kafka);
    }
}
