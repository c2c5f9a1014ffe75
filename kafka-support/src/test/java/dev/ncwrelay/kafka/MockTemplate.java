package dev.ncwrelay.kafka;

import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/** A template that sends with Kafka's {@code MockProducer}. The testkit has one too, but depends on this module. */
public final class MockTemplate {

    private MockTemplate() {}

    public static KafkaTemplate<String, byte[]> of(MockProducer<String, byte[]> producer) {
        return new KafkaTemplate<>(new DefaultKafkaProducerFactory<>(Map.of()) {
            @Override
            protected Producer<String, byte[]> createRawProducer(Map<String, Object> config) {
                return producer;
            }
        });
    }
}
