package dev.ncwrelay.channel.consume;

import dev.ncwrelay.kafka.access.KafkaAccess;
import java.util.Optional;

/** A kind of channel that runs in this service. */
public interface ChannelRunner extends AutoCloseable {

    /** The kind of channel. */
    String kind();

    /** What it needs on the relay's Kafka beyond what all kinds need. */
    KafkaAccess access();

    /** Starts; called once, when Kafka and the schema registry are known to be available. */
    void start();

    /** Why nothing is sent now and what to do about it, human-readable; empty when all is well. */
    Optional<String> failure();

    @Override
    void close();
}
