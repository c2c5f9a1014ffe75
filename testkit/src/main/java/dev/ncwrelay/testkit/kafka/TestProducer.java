package dev.ncwrelay.testkit.kafka;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * A test's own producer. A service gives up after seconds, because somebody waits for its answer; a test waits for a broker
 * that starts again, on a busy machine too.
 */
public final class TestProducer {

    private static final int TIMEOUT_MILLIS = 60_000;

    private TestProducer() {}

    public static KafkaProducer<String, byte[]> of(KafkaConnection kafka, String clientId) {
        var config = kafka.producer(clientId);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MILLIS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        return new KafkaProducer<>(config);
    }
}
