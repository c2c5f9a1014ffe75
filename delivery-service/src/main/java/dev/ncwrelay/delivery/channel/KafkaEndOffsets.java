package dev.ncwrelay.delivery.channel;

import dev.ncwrelay.delivery.offset.EndOffsetLookup;
import dev.ncwrelay.schemas.Topics;
import java.util.concurrent.CompletableFuture;

/** Reads the end offsets from the brokers. */
record KafkaEndOffsets(EndOffsetLookup ends) implements ChannelSubscriber.EndOffsetSource {

    @Override
    public CompletableFuture<Long> ofEvents(int partition) {
        return ends.of(Topics.DEVICE_EVENTS, partition);
    }

    @Override
    public CompletableFuture<Long> ofSubscriptions(int partition) {
        return ends.of(Topics.DEVICE_CHANNELS, partition);
    }
}
