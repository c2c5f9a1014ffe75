package dev.ncwrelay.delivery.channel.registry;

import dev.ncwrelay.delivery.channel.kind.ChannelKinds;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A deployment that has configured no kind of channel does not need the topics. */
@Configuration(proxyBeanMethods = false)
class ChannelRegistryConfiguration {

    @Bean
    ChannelRegistry channelRegistry(
            KafkaConnection kafka,
            RecordCodec codec,
            DeadLetterSink deadLetters,
            DeviceRegistry devices,
            ChannelKinds kinds) {
        return new ChannelRegistry(kafka, codec, deadLetters, devices, isUsed(kinds));
    }

    @Bean
    KafkaAccess channelAccess(ChannelKinds kinds) {
        return isUsed(kinds)
                ? KafkaAccess.none()
                        .tail(Topics.DEVICE_CHANNELS)
                        .tail(Topics.CHANNEL_STATES)
                        .write(Topics.DEVICE_CHANNELS.name())
                : KafkaAccess.none();
    }

    @Bean
    MeterBinder channelRegistryMetrics(ChannelRegistry registry) {
        return new ChannelRegistryMetrics(registry);
    }

    private static boolean isUsed(ChannelKinds kinds) {
        return !kinds.usable().isEmpty();
    }
}
