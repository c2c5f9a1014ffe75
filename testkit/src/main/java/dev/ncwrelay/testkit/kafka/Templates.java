package dev.ncwrelay.testkit.kafka;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/** Spring's templates for tests without a Spring context. */
public final class Templates {

    private Templates() {}

    /** Sends with this producer, usually Kafka's {@code MockProducer}, and does not close it. */
    public static KafkaTemplate<String, byte[]> of(Producer<String, byte[]> producer) {
        return new KafkaTemplate<>(new DefaultKafkaProducerFactory<>(Map.of()) {
            @Override
            protected Producer<String, byte[]> createRawProducer(Map<String, Object> config) {
                return producer;
            }
        });
    }

    /** Sends to a broker; its producer ends with the JVM, or with {@link KafkaTemplate#destroy}. */
    public static KafkaTemplate<String, byte[]> of(KafkaConnection kafka, String clientId) {
        return new KafkaTemplate<>(new DefaultKafkaProducerFactory<>(kafka.producer(clientId)));
    }
}
