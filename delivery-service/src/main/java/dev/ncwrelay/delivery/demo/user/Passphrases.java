package dev.ncwrelay.delivery.demo.user;

import dev.ncwrelay.avro.PassphraseInfo;
import dev.ncwrelay.delivery.offset.OwnWrites;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.kafka.tail.TailStart;
import dev.ncwrelay.kafka.tail.TopicTail;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where users keep the passphrases of their backups: an in-memory replica of {@code ncw.passphrases}, and what writes it.
 *
 * <ol>
 *   <li>Look-ups never block and never throw.
 *   <li>While the demo API is not used, there is no tail, and nothing is found.
 * </ol>
 */
public final class Passphrases implements AutoCloseable {

    private static final char SEPARATOR = '\0';

    private static final Comparator<PassphraseInfo> OLDEST_FIRST =
            Comparator.comparing(PassphraseInfo::getCreatedAt).thenComparing(PassphraseInfo::getPassphraseId);

    private final RecordSender sender;
    private final int partitions;
    private final Executor workers;
    private final ConcurrentMap<String, ConcurrentMap<String, PassphraseInfo>> users = new ConcurrentHashMap<>();
    private final @Nullable TopicTail<PassphraseInfo> tail;

    /**
     * Creates it.
     *
     * @param workers may block
     * @param isUsed whether the topic is read
     */
    Passphrases(
            KafkaConnection kafka,
            RecordCodec codec,
            DeadLetterSink deadLetters,
            RecordSender sender,
            Executor workers,
            boolean isUsed) {
        this.sender = sender;
        this.partitions = kafka.partitions();
        this.workers = workers;
        this.tail = isUsed
                ? TopicTail.start(
                        Topics.PASSPHRASES,
                        new TailStart.Beginning(),
                        kafka,
                        "delivery-" + Topics.PASSPHRASES.name(),
                        codec,
                        deadLetters,
                        this::read)
                : null;
    }

    /** Those of this user, oldest first. */
    public List<PassphraseInfo> of(String userId) {
        return users.getOrDefault(userId, new ConcurrentHashMap<>()).values().stream()
                .sorted(OLDEST_FIRST)
                .toList();
    }

    /** The one with this id, if it is of this user. */
    public Optional<PassphraseInfo> find(String userId, String passphraseId) {
        return Optional.ofNullable(users.get(userId)).map(own -> own.get(passphraseId));
    }

    /**
     * Writes it; completes when all in-sync replicas have it and look-ups on this node show it.
     *
     * @return fails with a {@link dev.ncwrelay.delivery.failure.FailureException}
     */
    public CompletableFuture<PassphraseInfo> write(PassphraseInfo info) {
        var user = info.getUserId();
        var key = user + SEPARATOR + info.getPassphraseId();
        return OwnWrites.offset(
                        sender.publish(Topics.PASSPHRASES, user, key, info, Map.of()),
                        "the location of the passphrase could not be stored")
                .thenApplyAsync(
                        offset -> {
                            // Stored in any case; if reading is slow, look-ups show it a moment later.
                            var _ = OwnWrites.readUpTo(
                                    this::awaitOffset, DevicePartition.of(user, partitions), offset + 1);
                            return info;
                        },
                        workers);
    }

    /** The running tail; none while the topic is not read. */
    public List<TopicTail<?>> tails() {
        return Stream.<@Nullable TopicTail<?>>of(tail)
                .<TopicTail<?>>flatMap(Stream::ofNullable)
                .toList();
    }

    @Override
    public void close() {
        if (tail != null) {
            tail.close();
        }
    }

    private boolean awaitOffset(int partition, long offset, Duration timeout) throws InterruptedException {
        return tail != null && tail.awaitOffset(partition, offset, timeout);
    }

    private void read(@Nullable PassphraseInfo info, ConsumerRecord<String, byte[]> record) {
        if (info != null) {
            users.computeIfAbsent(info.getUserId(), _ -> new ConcurrentHashMap<>())
                    .put(info.getPassphraseId(), info);
            return;
        }
        var key = record.key();
        int end = key == null ? -1 : key.indexOf(SEPARATOR);
        if (end >= 0) {
            users.computeIfPresent(key.substring(0, end), (_, own) -> {
                own.remove(key.substring(end + 1));
                return own.isEmpty() ? null : own;
            });
        }
    }
}
