package dev.ncwrelay.channel.rabbitmq;

import dev.ncwrelay.channel.forward.Forwarding;
import dev.ncwrelay.channel.subscription.Subscriptions;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.schemas.serde.RecordCodec;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RabbitSettings.class)
class RabbitConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty("relay.channel.rabbitmq.enabled")
    static class Enabled {

        @Bean
        BlockedConnections blockedConnections() {
            return new BlockedConnections();
        }

        @Bean
        RabbitChannel rabbitChannel(
                RabbitTemplate template,
                AmqpAdmin admin,
                CachingConnectionFactory connections,
                BlockedConnections blocked,
                CursorCodec cursors,
                RabbitSettings settings) {
            // What the guarantees depend on, whatever spring.rabbitmq.* says.
            connections.setPublisherConfirmType(ConfirmType.CORRELATED);
            connections.setPublisherReturns(true);
            template.setMandatory(true);
            return new RabbitChannel(template, admin, connections, blocked, cursors, settings);
        }

        @Bean
        Forwarding rabbitForwarding(
                RabbitSettings settings,
                KafkaConnection kafka,
                RecordCodec codec,
                RabbitChannel channel,
                Subscriptions subscriptions,
                RecordSender sender,
                MeterRegistry meters,
                Clock clock) {
            return new Forwarding(
                    settings.group(), settings.threads(), kafka, codec, channel, subscriptions, sender, meters, clock);
        }

        @Bean
        ReadAccess readAccess(Subscriptions subscriptions, CachingConnectionFactory connections) {
            return new ReadAccess(connections.getVirtualHost(), subscriptions::find);
        }
    }
}
