package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.kafka.ClientCluster.Replicas;
import dev.ncwrelay.channel.kafka.ClientProducer.Sent;
import dev.ncwrelay.kafka.connection.ClientFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sends records to topics of clients, and tells what is wrong with one of them from a cluster that is away. Safe for many threads. */
final class ClientSender {

    private static final Delivery ACKNOWLEDGED = new Delivery.Acknowledged();

    /** A broker that fails has many partitions: for so long after one of them, others are looked up before they are tried. */
    private static final Duration WATCH = Duration.ofMinutes(1);

    private final ClientCluster cluster;
    private final ClientProducer producer;
    private final Clock clock;

    /** Partitions that did not accept the last record: Kafka's producer would wait 8 s for a leader. */
    private final Set<TopicPartition> suspects = ConcurrentHashMap.newKeySet();

    /** Partitions that accepted a record with fewer replicas in sync than the setting says: their topics need fewer. */
    private final Set<TopicPartition> needFewer = ConcurrentHashMap.newKeySet();

    private volatile Instant watchUntil = Instant.MIN;

    ClientSender(ClientCluster cluster, ClientProducer producer, Clock clock) {
        this.cluster = cluster;
        this.producer = producer;
        this.clock = clock;
    }

    /** Where a record with a given partition goes. */
    static TopicPartition target(ProducerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /**
     * Sends records of different devices, and waits for the outcome of each.
     *
     * @return the outcomes in the same order
     * @throws ChannelUnavailableException when nothing was sent, because the cluster does not respond
     */
    List<Delivery> send(List<ProducerRecord<String, byte[]>> records) {
        var replicas = lookUp(records);
        var sent = sendAll(records, replicas);
        producer.await(sent);
        var deliveries = sent.stream().map(this::delivery).toList();
        for (int i = 0; i < records.size(); i++) {
            var target = target(records.get(i));
            if (deliveries.get(i) instanceof Delivery.Held) {
                needFewer.remove(target);
                if (suspects.add(target)) {
                    watchUntil = clock.instant().plus(WATCH);
                }
                continue;
            }
            suspects.remove(target);
            if (deliveries.get(i) instanceof Delivery.Acknowledged && isTooFew(replicas.get(target))) {
                needFewer.add(target);
            }
        }
        return deliveries.stream().anyMatch(Delivery.Acknowledged.class::isInstance)
                ? deliveries
                : unlessAway(deliveries);
    }

    /** Drops what is remembered of a partition. */
    void forget(TopicPartition target) {
        suspects.remove(target);
        needFewer.remove(target);
    }

    private Map<TopicPartition, Replicas> lookUp(List<ProducerRecord<String, byte[]>> records) {
        boolean watching = clock.instant().isBefore(watchUntil);
        return cluster.replicas(records.stream()
                .map(ClientSender::target)
                .filter(target -> watching || suspects.contains(target))
                .toList());
    }

    private List<Sent> sendAll(List<ProducerRecord<String, byte[]>> records, Map<TopicPartition, Replicas> replicas) {
        var sent = new ArrayList<Sent>(records.size());
        Optional<Sent> blocked = Optional.empty();
        for (var record : records) {
            var refusal = refusal(target(record), replicas.get(target(record)));
            if (refusal.isPresent()) {
                sent.add(Sent.refused(refusal.get()));
                continue;
            }
            var each = blocked.orElseGet(() -> producer.send(record));
            sent.add(each);
            if (each.outcome().isCompletedExceptionally() && failure(each) instanceof TimeoutException) {
                // The producer would wait as long for each of the others.
                blocked = Optional.of(each);
            }
        }
        return sent;
    }

    /** Nothing was accepted: whether something else could be, the cluster is asked. */
    private List<Delivery> unlessAway(List<Delivery> deliveries) {
        if (deliveries.stream().noneMatch(Delivery.Held.class::isInstance)) {
            return deliveries;
        }
        try {
            cluster.requireAccepting();
            return deliveries;
        } catch (ChannelUnavailableException e) {
            return deliveries.stream()
                    .map(each -> each instanceof Delivery.Held ? new Delivery.Unavailable(e) : each)
                    .toList();
        }
    }

    /** Why it is not tried. Too few replicas may be enough, if the topic has another number: the next time it is tried. */
    private Optional<ApiException> refusal(TopicPartition target, @Nullable Replicas replicas) {
        if (replicas == null) {
            return Optional.empty();
        }
        if (!replicas.hasLeader()) {
            return Optional.of(new LeaderNotAvailableException("no broker has the partition now"));
        }
        return isTooFew(replicas) && !suspects.contains(target) && !needFewer.contains(target)
                ? Optional.of(new NotEnoughReplicasException("replicas in sync: " + replicas.inSync()))
                : Optional.empty();
    }

    private boolean isTooFew(@Nullable Replicas replicas) {
        return replicas != null && replicas.inSync() < cluster.minInsyncReplicas();
    }

    private Delivery delivery(Sent sent) {
        if (!sent.outcome().isCompletedExceptionally()) {
            return ACKNOWLEDGED;
        }
        var failure = failure(sent);
        return switch (failure) {
            case RecordTooLargeException _, RecordBatchTooLargeException _ -> new Delivery.Impossible(failure);
            case InvalidRecordException _, InvalidTimestampException _ -> new Delivery.Impossible(failure);
            case AuthorizationException _, AuthenticationException _ -> unavailable(failure);
            case RetriableException _ -> new Delivery.Held(failure);
            default -> {
                // The producer may have failed for good.
                producer.abort(sent);
                // What is no answer of a broker is the producer's own: it was closed.
                yield failure instanceof ApiException ? new Delivery.Held(failure) : unavailable(failure);
            }
        };
    }

    private static Delivery unavailable(Throwable failure) {
        return new Delivery.Unavailable(ClientCluster.unavailable(failure));
    }

    private static Throwable failure(Sent sent) {
        return ClientFailure.cause(sent.outcome().exceptionNow());
    }
}
