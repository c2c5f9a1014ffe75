package dev.ncwrelay.rpc.reply;

import dev.ncwrelay.kafka.tail.LogReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads single replies back from Kafka. Repeated requests are rare, so each read has a consumer of its own. */
public final class ReplyReader {

    private static final Logger log = LoggerFactory.getLogger(ReplyReader.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Map<String, Object> consumerConfig;

    /** @param consumerConfig of a consumer without a group, with string keys and byte array values */
    public ReplyReader(Map<String, Object> consumerConfig) {
        this.consumerConfig = new HashMap<>(consumerConfig);
        this.consumerConfig.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    }

    /** Reads the record, retrying while Kafka is unavailable; empty when it is expired or {@code shouldRetry} is false. */
    Optional<ConsumerRecord<String, byte[]>> at(TopicPartition partition, long offset, BooleanSupplier shouldRetry)
            throws InterruptedException {
        while (shouldRetry.getAsBoolean()) {
            try (var consumer = new KafkaConsumer<String, byte[]>(consumerConfig)) {
                return new LogReader(consumer, TIMEOUT)
                        .at(partition, List.of(offset)).stream().findFirst();
            } catch (InterruptException e) {
                Thread.interrupted();
                throw new InterruptedException("interrupted while reading a reply");
            } catch (KafkaException e) {
                log.atWarn().addKeyValue("reason", e).log("reading a reply failed, will retry");
            }
            Thread.sleep(PAUSE);
        }
        return Optional.empty();
    }
}
