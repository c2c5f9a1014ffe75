package dev.ncwrelay.rpc.partition;

import dev.ncwrelay.rpc.request.RequestKey;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;

/** Finds out what the owners before left. */
public interface HandoverReader {

    /**
     * Asks for these partitions of the requests' topic. Blocks; the partitions must belong to the caller, or others
     * go on while they are asked about.
     *
     * @throws RuntimeException when Kafka or the schema registry cannot say; ask again
     */
    Map<TopicPartition, HandoverState> load(Set<TopicPartition> partitions);

    /**
     * Reads the replies that come later: those of owners before that are still at work. Blocks while it is wanted.
     *
     * @param from the offset of the first reply to read, by partition of the requests' topic
     * @throws RuntimeException when Kafka or the schema registry cannot say; ask again
     */
    void follow(Map<TopicPartition, Long> from, ReplyListener found, BooleanSupplier wanted);

    /** Hears of each reply. */
    @FunctionalInterface
    interface ReplyListener {

        /**
         * A reply is on the log.
         *
         * @param requests the partition of its request
         * @param replyOffset of the reply
         */
        void found(TopicPartition requests, RequestKey request, long replyOffset);
    }
}
