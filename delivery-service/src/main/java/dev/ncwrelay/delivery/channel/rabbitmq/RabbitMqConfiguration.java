package dev.ncwrelay.delivery.channel.rabbitmq;

import dev.ncwrelay.delivery.channel.kind.ChannelKind;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RabbitMqConfiguration {

    @Bean
    ChannelKind rabbitMqKind(RabbitMqSettings settings) {
        return new RabbitMqKind(settings);
    }
}
