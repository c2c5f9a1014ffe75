package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.delivery.messages.ack.AckPositions;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.Generation;
import dev.ncwrelay.delivery.messages.feed.LatencyMetrics;
import dev.ncwrelay.delivery.messages.mailbox.Backlog;
import dev.ncwrelay.delivery.messages.mailbox.MessageIndex;
import dev.ncwrelay.devices.DeviceRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class StreamConfiguration {

    @Bean
    DeviceStreams deviceStreams(
            Feed feed,
            Backlog backlog,
            AckPositions positions,
            CursorCodec cursors,
            Generation generation,
            LatencyMetrics latency,
            DeviceRegistry registry) {
        var source = new StreamSource(feed, backlog, registry::device);
        return new DeviceStreams(feed, source, positions, cursors, generation, latency);
    }

    @Bean
    StartPositions startPositions(DeviceStreams streams) {
        return new StartPositions(streams);
    }

    @Bean
    Acknowledgements acknowledgements(
            DeviceStreams streams, Feed feed, MessageIndex index, AckPositions positions, LatencyMetrics latency) {
        return new Acknowledgements(streams, new MessageLocator(feed, index), positions, latency);
    }
}
