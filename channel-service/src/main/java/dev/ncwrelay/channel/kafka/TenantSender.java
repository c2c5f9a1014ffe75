package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.ChannelMetrics;
import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.kafka.connection.ClientFailure;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.deadletter.DeadLetters;
import dev.ncwrelay.schemas.DevicePartition;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to the topics of tenants. An event that its topic can never accept becomes a dead letter on the relay's Kafka;
 * with every other failure it has to be sent again.
 */
final class TenantSender implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TenantSender.class);

    private final TenantTopics topics;
    private final ClientProducer producer;
    private final ClientMessage messages;
    private final DeadLetterSink deadLetters;
    private final ChannelMetrics metrics;
    private final Clock clock;

    TenantSender(
            TenantTopics topics,
            ClientProducer producer,
            ClientMessage messages,
            DeadLetterSink deadLetters,
            ChannelMetrics metrics,
            Clock clock) {
        this.topics = topics;
        this.producer = producer;
        this.messages = messages;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
        this.clock = clock;
    }

    TenantTopics topics() {
        return topics;
    }

    /**
     * Sends messages of different devices, and waits for all of them.
     *
     * @param done called with each that is acknowledged by all in-sync replicas, or is a dead letter
     * @throws ChannelUnavailableException when others have to be sent again
     */
    void send(List<TenantMessage> round, Consumer<TenantMessage> done) {
        topics.open();
        var sent = new ArrayList<Sent>(round.size());
        for (var message : round) {
            var each = new Sent(message, producer.send(record(message)));
            sent.add(each);
            if (each.failure().filter(TimeoutException.class::isInstance).isPresent()) {
                // The producer would wait as long for each of the others.
                break;
            }
        }
        producer.await(sent.stream().map(Sent::acknowledged).toList());
        // Before anything that may fail.
        sent.stream().filter(each -> each.failure().isEmpty()).forEach(each -> {
            metrics.accepted();
            done.accept(each.message());
        });
        Optional<Throwable> failed = Optional.empty();
        for (var each : sent) {
            var failure = each.failure();
            if (failure.filter(TenantSender::isOfTheRecord).isPresent()) {
                setAside(each.message(), failure.get());
                done.accept(each.message());
            } else {
                failed = failed.or(() -> failure);
            }
        }
        failed.ifPresent(this::repeat);
    }

    @Override
    public void close() {
        producer.close();
        topics.close();
    }

    private ProducerRecord<String, byte[]> record(TenantMessage message) {
        var topic = message.topic();
        int partition = DevicePartition.of(message.deviceId(), topic.partitions());
        return messages.of(message.event(), message.cursor(), topic.name(), partition);
    }

    /** Whether the topic would refuse the record for ever, and accepts others. */
    private static boolean isOfTheRecord(Throwable failure) {
        return failure instanceof RecordTooLargeException
                || failure instanceof RecordBatchTooLargeException
                || failure instanceof InvalidRecordException
                || failure instanceof InvalidTimestampException;
    }

    private void setAside(TenantMessage message, Throwable failure) {
        var source = message.source();
        log.atError()
                .addKeyValue("topic", source.topic())
                .addKeyValue("partition", source.partition())
                .addKeyValue("offset", source.offset())
                .addKeyValue("reason", failure.toString())
                .log("event not accepted by the topic of its tenant");
        var reason = message.topic().name() + " does not accept it: " + failure;
        deadLetters.publish(DeadLetters.of(source, reason, clock.instant()));
        metrics.refused();
    }

    private void repeat(Throwable failure) {
        topics.recheck();
        boolean isOfThePermission =
                failure instanceof AuthorizationException || failure instanceof AuthenticationException;
        if (!(failure instanceof RetriableException) && !isOfThePermission) {
            // The producer may have failed for good.
            producer.abort();
        }
        throw ClientCluster.unavailable(failure);
    }

    /** A message that was sent. */
    private record Sent(TenantMessage message, CompletableFuture<RecordMetadata> acknowledged) {

        /** Empty also while it is on its way. */
        Optional<Throwable> failure() {
            return acknowledged.isCompletedExceptionally()
                    ? Optional.of(ClientFailure.cause(acknowledged.exceptionNow()))
                    : Optional.empty();
        }
    }
}
