package dev.ncwrelay.rpc.reply;

import dev.ncwrelay.schemas.kafka.KafkaConnection;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

@Configuration(proxyBeanMethods = false)
class ReplyConfiguration {

    private static final Duration PAUSE = Duration.ofMillis(500);

    @Bean
    RecordCodec recordCodec(RegistryConnection registry) {
        return new RecordCodec(registry);
    }

    /** Made when first needed: a producer refuses to exist while Kafka's name does not resolve. */
    @Bean
    @Lazy
    Producer<String, byte[]> producer(KafkaConnection kafka) {
        return new KafkaProducer<>(kafka.producer("ncw-rpc"));
    }

    @Bean
    AcknowledgedProducer acknowledgedProducer(ObjectProvider<Producer<String, byte[]>> producer) {
        return new AcknowledgedProducer(producer::getObject, PAUSE);
    }

    @Bean
    Replies replies(AcknowledgedProducer producer, RecordCodec codec, KafkaConnection kafka, Clock clock) {
        var log = new ReplyLog(kafka.consumer("ncw-rpc-replies"));
        return new Replies(producer, log, codec, kafka.partitions(), clock);
    }
}
