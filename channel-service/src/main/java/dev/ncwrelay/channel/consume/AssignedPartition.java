package dev.ncwrelay.channel.consume;

import dev.ncwrelay.schemas.ChannelKey;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a kind of channel does with an assigned partition. Two threads: the consumer's reads, another catches up. */
public interface AssignedPartition {

    /**
     * Takes the records that follow those of the last call; at least one. When it returns, the group's offset may be
     * committed, and the next call has what follows, whatever becomes of the other partitions.
     *
     * @throws RuntimeException when the same records have to be passed again
     */
    void read(List<ConsumerRecord<String, byte[]>> records);

    /**
     * What to commit when all before an offset was read; by default that nothing before it is needed. Does not wait for the
     * thread that catches up.
     *
     * @param next the offset that is read next
     */
    default Commit toCommit(long next) {
        return new Commit(new Offsets(next, next));
    }

    /** A subscription, its state or the device's owner has changed. Does not block. */
    void changed(ChannelKey key);

    /**
     * Does what is not done while reading, a part of it.
     *
     * @return true when more can be done at once
     */
    boolean catchUp();

    /** Begins to end it, if {@link #close} would take long. Does not block. */
    default void stop() {}

    /** Ends it: when it returns, no thread does anything for this partition any more. */
    void close();
}
