package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.ChannelUnavailableException;

/** What became of a record for clients. */
sealed interface Delivery {

    /** All in-sync replicas have it. */
    record Acknowledged() implements Delivery {}

    /** Its topic will never accept it, and accepts others. */
    record Impossible(Throwable reason) implements Delivery {}

    /** Its partition does not accept it at present, and the cluster accepts records for others. */
    record Held(Throwable reason) implements Delivery {}

    /** The cluster as a whole accepts nothing at present, or nothing of this service. */
    record Unavailable(ChannelUnavailableException reason) implements Delivery {}
}
