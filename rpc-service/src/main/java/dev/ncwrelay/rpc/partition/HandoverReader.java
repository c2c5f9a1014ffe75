package dev.ncwrelay.rpc.partition;

import dev.ncwrelay.rpc.request.RequestKey;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;

/** Reads the hand-over state of partitions. */
interface HandoverReader {

    /**
     * Reads the state of these partitions of the requests topic. Blocks. The partitions must be assigned to the caller:
     * otherwise their owner changes the state during the read.
     *
     * @throws RuntimeException when Kafka or the schema registry is unavailable; the caller may retry
     */
    Map<TopicPartition, HandoverState> load(Set<TopicPartition> partitions);

    /**
     * Reads the replies that previous owners write after that. Blocks while they are wanted.
     *
     * @param from the offset of the first reply to read, by partition of the requests topic
     * @throws RuntimeException when Kafka or the schema registry is unavailable; the caller may retry
     */
    void follow(Map<TopicPartition, Long> from, ReplyListener found, BooleanSupplier wanted);

    /** Receives each reply. */
    @FunctionalInterface
    interface ReplyListener {

        /**
         * A reply has been read.
         *
         * @param requests the partition of its request
         * @param replyOffset of the reply
         */
        void found(TopicPartition requests, RequestKey request, long replyOffset);
    }
}
