package dev.ncwrelay.rpc.reply;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.send.RetryingSender;
import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaTemplate;

@Configuration(proxyBeanMethods = false)
class ReplyConfiguration {

    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Beyond the producer's own delivery timeout, for a busy machine. */
    private static final Duration BUSY = Duration.ofSeconds(20);

    @Bean
    RecordCodec recordCodec(RegistryConnection registry) {
        return new RecordCodec(registry);
    }

    @Bean
    RetryingSender retryingSender(KafkaTemplate<String, byte[]> template, KafkaConnection kafka) {
        var delivery = template.getProducerFactory()
                .getConfigurationProperties()
                .get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG);
        var longest =
                Duration.ofMillis(Long.parseLong(String.valueOf(delivery))).plus(BUSY);
        return new RetryingSender(template, PAUSE, longest, CriticalThread::end);
    }

    @Bean
    ReplyPublisher replies(RetryingSender sender, RecordCodec codec, KafkaConnection kafka, Clock clock) {
        var replyReader = new ReplyReader(kafka.shortLivedConsumer("ncw-rpc-replies"));
        return new ReplyPublisher(sender, replyReader, codec, kafka.partitions(), clock);
    }
}
