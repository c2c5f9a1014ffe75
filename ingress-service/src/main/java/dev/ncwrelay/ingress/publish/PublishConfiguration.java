package dev.ncwrelay.ingress.publish;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.deadletter.DeadLetterWriter;
import dev.ncwrelay.kafka.deadletter.KafkaDeadLetters;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RegistryConnection.class)
class PublishConfiguration {

    @Bean
    RecordCodec recordCodec(RegistryConnection registry) {
        return new RecordCodec(registry);
    }

    @Bean
    DeadLetterSink deadLetters(KafkaTemplate<String, byte[]> template, MeterRegistry meters) {
        return new KafkaDeadLetters(template, meters);
    }

    @Bean
    EventPublisher eventPublisher(
            KafkaTemplate<String, byte[]> template,
            RecordCodec codec,
            KafkaConnection kafka,
            MeterRegistry meters,
            Clock clock) {
        return new EventPublisher(template, codec, kafka.partitions(), new DeadLetterWriter(meters), clock);
    }
}
