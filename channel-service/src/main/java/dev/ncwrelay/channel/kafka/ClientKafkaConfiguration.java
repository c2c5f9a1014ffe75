package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.ChannelMetrics;
import dev.ncwrelay.channel.forward.Forwarding;
import dev.ncwrelay.channel.subscription.Subscriptions;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.schemas.serde.RecordCodec;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ClientKafkaSettings.class)
class ClientKafkaConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty("relay.channel.kafka.enabled")
    static class Enabled {

        @Bean
        ClientCluster clientCluster(ClientKafkaSettings settings, KafkaConnection kafka) {
            return new ClientCluster(connection(settings, kafka), settings);
        }

        @Bean
        ClientProducer clientProducer(ClientKafkaSettings settings, KafkaConnection kafka) {
            return new ClientProducer(connection(settings, kafka), "channel-kafka");
        }

        @Bean
        Forwarding kafkaForwarding(
                ClientKafkaSettings settings,
                KafkaConnection kafka,
                RecordCodec codec,
                ClientCluster cluster,
                ClientProducer producer,
                CursorCodec cursors,
                Subscriptions subscriptions,
                RecordSender sender,
                MeterRegistry meters,
                Clock clock) {
            var channel =
                    new KafkaChannel(cluster, new ClientSender(cluster, producer, clock), new ClientMessage(cursors));
            return new Forwarding(
                    settings.group(), settings.threads(), kafka, codec, channel, subscriptions, sender, meters, clock);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional(OnTenants.class)
    static class Tenants {

        @Bean
        TenantForwarding tenantForwarding(
                ClientKafkaSettings settings,
                KafkaConnection kafka,
                RecordCodec codec,
                CursorCodec cursors,
                DeviceRegistry registry,
                Subscriptions subscriptions,
                DeadLetterSink deadLetters,
                MeterRegistry meters,
                Clock clock) {
            var clients = connection(settings, kafka);
            var metrics = new ChannelMetrics(meters, TenantForwarding.KIND);
            var sender = new TenantSender(
                    new TenantTopics(new ClientCluster(clients, settings), settings.tenants(), kafka.partitions()),
                    new ClientProducer(clients, "channel-kafka-tenant"),
                    new ClientMessage(cursors),
                    deadLetters,
                    metrics,
                    clock);
            return new TenantForwarding(
                    settings.tenantGroup(),
                    settings.tenantThreads(),
                    kafka,
                    codec,
                    new Registrations(registry, kafka),
                    subscriptions,
                    sender,
                    metrics,
                    clock);
        }
    }

    private static KafkaConnection connection(ClientKafkaSettings settings, KafkaConnection relay) {
        return settings.bootstrapServers() == null
                ? relay
                : KafkaConnection.to(settings.bootstrapServers(), relay.partitions(), settings.properties());
    }
}
