package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Where the events of tenants go. */
interface TenantTarget {

    /** A message that its partition does not accept at present. */
    record Held(TenantMessage message, String reason) {}

    /**
     * Makes the topics ready. Does nothing once that is done.
     *
     * @throws ChannelUnavailableException when it cannot be done now
     */
    void open();

    /** Whether an event of this device may go to one of these partitions. */
    boolean mayReceive(Set<TopicPartition> targets, String deviceId);

    /**
     * Sends messages of different devices, and waits for all of them.
     *
     * @param done called with each that is acknowledged by all in-sync replicas, or is a dead letter
     * @return those that their partitions do not accept at present
     * @throws ChannelUnavailableException when some have to be sent again with the whole round
     */
    List<Held> send(List<TenantMessage> round, Consumer<TenantMessage> done);
}
