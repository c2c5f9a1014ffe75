package dev.ncwrelay.kafka.connection;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.DefaultKafkaConsumerFactoryCustomizer;
import org.springframework.boot.kafka.autoconfigure.DefaultKafkaProducerFactoryCustomizer;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.support.ProducerListener;

/** Gives the clients of Spring Boot's {@link KafkaAutoConfiguration} the relay's configuration. */
@AutoConfiguration(before = KafkaAutoConfiguration.class)
@EnableConfigurationProperties(TopicSettings.class)
class KafkaClientsAutoConfiguration {

    private static final int CLOSE_TIMEOUT_SECONDS = 5;

    @Bean
    KafkaConnection kafkaConnection(
            TopicSettings topics,
            KafkaProperties settings,
            KafkaConnectionDetails connection,
            ObjectProvider<SslBundles> bundles) {
        return new KafkaConnection(
                topics, ClientSettings.of(settings, connection, bundles.getIfAvailable(DefaultSslBundleRegistry::new)));
    }

    @Bean
    DefaultKafkaProducerFactoryCustomizer relayProducers(
            KafkaConnection kafka, @Value("${spring.application.name}") String application) {
        return factory -> {
            factory.updateConfigs(kafka.producer(application));
            // A record that is not acknowledged by then was confirmed to no client. The default, 30 s, is longer than
            // most orchestrators wait.
            // The factory closes its producer before the beans that send are destroyed; what they still send goes
            // through
            // another producer, which is closed with the factory.
            factory.setPhysicalCloseTimeout(CLOSE_TIMEOUT_SECONDS);
        };
    }

    @Bean
    DefaultKafkaConsumerFactoryCustomizer relayConsumers(
            KafkaConnection kafka, @Value("${spring.application.name}") String application) {
        return factory -> factory.updateConfigs(kafka.consumer(application));
    }

    /** Callers report their failures; Spring's own listener would log the payload. */
    @Bean
    ProducerListener<Object, Object> producerListener() {
        return new ProducerListener<>() {};
    }
}
