package dev.ncwrelay.ingress.publish;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import java.time.Clock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({KafkaConnection.class, RegistryConnection.class})
class PublishConfiguration {

    @Bean
    RecordCodec recordCodec(RegistryConnection registry) {
        return new RecordCodec(registry);
    }

    /** Created on first use: a producer cannot be created while Kafka's name does not resolve. */
    @Bean
    @Lazy
    Producer<String, byte[]> producer(KafkaConnection kafka) {
        return new KafkaProducer<>(kafka.producer("ingress"));
    }

    @Bean
    EventPublisher eventPublisher(
            @Lazy Producer<String, byte[]> producer, RecordCodec codec, KafkaConnection kafka, Clock clock) {
        return new EventPublisher(producer, codec, kafka.partitions(), clock);
    }
}
