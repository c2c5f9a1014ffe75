package dev.ncwrelay.delivery.channel;

import dev.ncwrelay.delivery.channel.registry.ChannelRegistry;
import dev.ncwrelay.delivery.messages.feed.Generation;
import dev.ncwrelay.delivery.offset.EndOffsetLookup;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.send.RecordSender;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ChannelConfiguration {

    @Bean
    ChannelSubscriber channelSubscriber(
            ChannelRegistry channels,
            DeviceRegistry devices,
            RecordSender sender,
            KafkaConnection kafka,
            EndOffsetLookup ends,
            Generation generation,
            Clock clock,
            ExecutorService waitWorkers) {
        var subscriptions = new KafkaSubscriptionStore(channels, devices, sender, kafka.partitions());
        return new ChannelSubscriber(subscriptions, new KafkaEndOffsets(ends), generation, clock, waitWorkers);
    }
}
