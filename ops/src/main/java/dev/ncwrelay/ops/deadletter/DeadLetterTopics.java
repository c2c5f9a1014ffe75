package dev.ncwrelay.ops.deadletter;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetters;
import dev.ncwrelay.kafka.tail.LogReader;
import dev.ncwrelay.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;

/** The dead-letter topics of a Kafka cluster. */
public final class DeadLetterTopics {

    /** Suffix of every dead-letter topic's name. */
    private static final String SUFFIX = ".dlt";

    /** On a redriven record: the coordinates of its dead letter. */
    static final String REDRIVEN_FROM = "ncw-redriven-from";

    private static final Set<String> ADDED_BY_FAILURE = Set.of(
            DeadLetters.REASON,
            DeadLetters.FAILED_AT,
            DeadLetters.TOPIC,
            DeadLetters.PARTITION,
            DeadLetters.OFFSET,
            REDRIVEN_FROM);

    private static final int TIMEOUT_MILLIS = 10_000;

    private final KafkaConnection kafka;

    public DeadLetterTopics(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /**
     * The dead-letter topics, sorted by name.
     *
     * @throws DeadLetterException also when one of the relay's is hidden, which Kafka's list of topics leaves out
     */
    public List<String> topics() {
        try (var admin = Admin.create(kafka.admin("relay-dlt"))) {
            var listed = admin.listTopics().names().get().stream()
                    .filter(name -> name.endsWith(SUFFIX))
                    .sorted()
                    .toList();
            requireVisible(admin, listed);
            return listed;
        } catch (ExecutionException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static void requireVisible(Admin admin, List<String> listed) throws InterruptedException {
        var others = Topics.deadLetters().stream()
                .filter(name -> !listed.contains(name))
                .toList();
        for (var topic : admin.describeTopics(others).topicNameValues().entrySet()) {
            try {
                topic.getValue().get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AuthorizationException) {
                    throw new DeadLetterException("Kafka: may not READ topic " + topic.getKey(), e);
                }
            }
        }
    }

    /** Reads the dead letters of these topics since then, oldest first in each partition. */
    public void read(List<String> topics, Instant since, Consumer<DeadLetter> found) {
        for (var topic : topics) {
            scan(since, partitions(topic), record -> found.accept(DeadLetter.of(record)));
        }
    }

    /** The dead letter at these coordinates. */
    public Optional<DeadLetter> find(RecordCoordinates at) {
        var letters = new HashSet<DeadLetter>();
        read(List.of(at.topic()), Instant.EPOCH, letter -> {
            if (letter.at().equals(at)) {
                letters.add(letter);
            }
        });
        return letters.stream().findFirst();
    }

    /**
     * Where a dead letter was redriven to.
     *
     * @param letter a dead letter with an origin
     */
    public Optional<RecordCoordinates> findRedriven(DeadLetter letter) {
        var origin = letter.origin().orElseThrow();
        var found = new HashSet<RecordCoordinates>();
        var partition = new TopicPartition(origin.topic(), origin.partition());
        scan(letter.writtenAt(), List.of(partition), record -> {
            if (DeadLetter.header(record, REDRIVEN_FROM)
                    .filter(letter.at().toString()::equals)
                    .isPresent()) {
                found.add(new RecordCoordinates(record.topic(), record.partition(), record.offset()));
            }
        });
        return found.stream().min(Comparator.comparingLong(RecordCoordinates::offset));
    }

    /**
     * Sends a record to its original partition with the same key, bytes and headers, and waits until all in-sync replicas
     * have acknowledged it.
     *
     * @param letter a dead letter with an origin
     * @return the coordinates of the new record
     */
    public RecordCoordinates redrive(DeadLetter letter) {
        var origin = letter.origin().orElseThrow();
        var record = letter.record();
        var redriven =
                new ProducerRecord<String, byte[]>(origin.topic(), origin.partition(), record.key(), record.value());
        for (Header header : record.headers()) {
            if (!ADDED_BY_FAILURE.contains(header.key())) {
                redriven.headers().add(header);
            }
        }
        redriven.headers().add(REDRIVEN_FROM, letter.at().toString().getBytes(StandardCharsets.UTF_8));
        try (var producer = new KafkaProducer<String, byte[]>(kafka.producer("relay-dlt"))) {
            var written = producer.send(redriven).get();
            return new RecordCoordinates(written.topic(), written.partition(), written.offset());
        } catch (ExecutionException | KafkaException e) {
            // Without any permission to write, Kafka names no topic, and may refuse the producer before the record.
            throw e.getCause() instanceof AuthorizationException
                    ? new DeadLetterException("Kafka: may not WRITE topic " + origin.topic(), e)
                    : unreachable(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void scan(Instant since, List<TopicPartition> partitions, Consumer<ConsumerRecord<String, byte[]>> found) {
        var config = new HashMap<>(kafka.shortLivedConsumer("relay-dlt"));
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        var times = new HashMap<TopicPartition, Long>();
        partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
        try (var consumer = new KafkaConsumer<String, byte[]>(config)) {
            new LogReader(consumer).read(times, found);
        }
    }

    private List<TopicPartition> partitions(String topic) {
        try (var admin = Admin.create(kafka.admin("relay-dlt"))) {
            var described = admin.describeTopics(List.of(topic)).allTopicNames().get();
            int count = described.values().iterator().next().partitions().size();
            return IntStream.range(0, count)
                    .mapToObj(number -> new TopicPartition(topic, number))
                    .toList();
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case UnknownTopicOrPartitionException _ ->
                    new DeadLetterException(
                            "no topic " + topic + "; ./relay dlt list lists the dead letters of all topics", e);
                case AuthorizationException _ -> new DeadLetterException("Kafka: may not READ topic " + topic, e);
                case null, default -> unreachable(e);
            };
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private DeadLetterException unreachable(Exception e) {
        return new DeadLetterException(
                "Kafka at " + kafka.bootstrapServers() + " is unreachable (" + e.getCause()
                        + "); start the local stack with ./relay up, or set --bootstrap-servers",
                e);
    }

    private static DeadLetterException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new DeadLetterException("interrupted", e);
    }
}
