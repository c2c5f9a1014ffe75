package dev.ncwrelay.delivery.channel.kafka;

import dev.ncwrelay.delivery.channel.kind.ChannelKind;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class KafkaKindConfiguration {

    @Bean
    ChannelKind kafkaKind(KafkaKindSettings settings) {
        return new KafkaKind(settings);
    }
}
