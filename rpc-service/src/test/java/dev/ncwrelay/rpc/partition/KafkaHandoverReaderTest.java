package dev.ncwrelay.rpc.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.rpc.request.RequestKey;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The hand-over state as a new owner reads it from a real broker. */
@Tag("kafka")
class KafkaHandoverReaderTest {

    private static final Duration MEMORY = Duration.ofMinutes(2);

    private static KafkaProducer<String, byte[]> producer;

    private final String group = "group-" + UUID.randomUUID();
    private final String device = UUID.randomUUID().toString();
    private final int number = DevicePartition.of(device, LocalKafka.PARTITIONS);
    private final TopicPartition requests = new TopicPartition(Topics.RPC_REQUESTS.name(), number);

    @BeforeAll
    static void start() {
        producer = new KafkaProducer<>(SharedStack.get().connection().producer("test"));
    }

    @AfterAll
    static void stop() {
        producer.close();
    }

    @Test
    void groupWithoutCommits_startsAtTheBeginningOfTheTopic() {
        assertThat(found().progress()).isEqualTo(PartitionProgress.at(0));
    }

    @Test
    void progress_isReadFromTheLastCommit() throws Exception {
        var progress = new PartitionProgress(
                0, List.of(new OffsetRange(0, 2, OffsetState.UNCERTAIN), new OffsetRange(2, 5, OffsetState.FINISHED)));
        commit(0, ProgressCodec.write(progress));

        assertThat(found().progress()).isEqualTo(progress);
    }

    /** A missing reply is better than a repeated call. */
    @Test
    void progressOfAnotherFormat_makesAllRecordsUncertain() throws Exception {
        long last = request(Instant.now());
        commit(0, "9 whatever a newer version says");

        assertThat(found().progress())
                .isEqualTo(new PartitionProgress(0, List.of(new OffsetRange(0, last + 1, OffsetState.UNCERTAIN))));
    }

    /** For example after the topic was re-created. */
    @Test
    void progressBeyondTheEnd_isDiscarded() throws Exception {
        commit(1_000_000, "1");

        assertThat(found().progress()).isEqualTo(PartitionProgress.at(0));
    }

    @Test
    void answered_containsRequestsWithARecentReply() throws Exception {
        long end = request(Instant.now()) + 1;
        commit(end, "");
        reply("a-minute-ago", Instant.now().minus(Duration.ofMinutes(1)));
        reply("now", Instant.now());

        assertThat(found().answered().keySet())
                .contains(new RequestKey(device, "a-minute-ago"), new RequestKey(device, "now"));
    }

    /** After a long outage, requests answered just before it must not be called again. */
    @Test
    void answered_reachesBackToTheFirstUnfinishedRequest() throws Exception {
        var before = Instant.now().minus(Duration.ofHours(5));
        long unfinished = request(before);
        commit(unfinished, "");
        reply("before-the-outage", before.plusSeconds(1));

        assertThat(found().answered().keySet()).contains(new RequestKey(device, "before-the-outage"));
    }

    /** Previous owners may still be working. */
    @Test
    void laterReplies_areFollowed() throws Exception {
        // Given
        reply("before", Instant.now());
        var state = found();
        var found = new ConcurrentHashMap<RequestKey, Long>();
        reply("meanwhile", Instant.now());

        // When
        var following = CompletableFuture.runAsync(
                () -> reader().follow(
                                Map.of(requests, state.repliesEnd()),
                                (_, request, offset) -> found.put(request, offset),
                                () -> !found.containsKey(new RequestKey(device, "later"))),
                work -> Thread.ofVirtual().start(work));
        reply("later", Instant.now());

        // Then
        assertThat(following).succeedsWithin(Duration.ofSeconds(60));
        assertThat(found)
                .containsKeys(new RequestKey(device, "meanwhile"), new RequestKey(device, "later"))
                .doesNotContainKey(new RequestKey(device, "before"));
        assertThat(state.answered()).containsKey(new RequestKey(device, "before"));
    }

    private HandoverState found() {
        return Objects.requireNonNull(reader().load(Set.of(requests)).get(requests));
    }

    private KafkaHandoverReader reader() {
        var stack = SharedStack.get();
        return new KafkaHandoverReader(stack.connection(), group, stack.codec(), MEMORY, Clock.systemUTC());
    }

    private void commit(long position, String metadata) throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(SharedStack.get().connection().admin("test"))) {
            admin.alterConsumerGroupOffsets(group, Map.of(requests, new OffsetAndMetadata(position, metadata)))
                    .all()
                    .get();
        }
    }

    private long request(Instant at) throws ExecutionException, InterruptedException {
        return producer.send(new ProducerRecord<>(
                        Topics.RPC_REQUESTS.name(), number, at.toEpochMilli(), device, new byte[] {1}))
                .get()
                .offset();
    }

    private void reply(String requestId, Instant at) throws ExecutionException, InterruptedException {
        var reply = RpcReply.newBuilder()
                .setRequestId(requestId)
                .setDeviceId(device)
                .setOutcome(RpcOutcome.ANSWERED)
                .setCompletedAt(at)
                .build();
        var bytes = SharedStack.get().codec().encode(Topics.RPC_REPLIES, reply);
        producer.send(new ProducerRecord<>(Topics.RPC_REPLIES.name(), number, at.toEpochMilli(), device, bytes))
                .get();
    }
}
